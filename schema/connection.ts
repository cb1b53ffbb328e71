import 'reflect-metadata';
import { type ClassType, Field, Int, ObjectType } from 'type-graphql';
import type { Health } from '../lib/health.js';
import { HealthEnum } from './enums.js';

@ObjectType({ simpleResolvers: true })
export class PageInfo {
  @Field(() => Boolean)
  readonly hasNextPage!: boolean;
  @Field(() => Boolean)
  readonly hasPreviousPage!: boolean;
  @Field(() => String, { nullable: true })
  readonly startCursor!: string | null;
  @Field(() => String, { nullable: true })
  readonly endCursor!: string | null;
}

@ObjectType({ simpleResolvers: true })
export class HealthCount {
  @Field(() => HealthEnum)
  readonly health!: Health;
  @Field(() => Int)
  readonly count!: number;
}

/** Makes `<name>Edge` and `<name>Connection` for `node` (Relay's Cursor Connections). Call it once per name. */
export function connectionOf(
  name: string,
  node: () => ClassType | (abstract new () => object),
  options: { readonly countsByHealth?: boolean } = {},
): ClassType {
  const Edge = namedClass(`${name}Edge`);
  ObjectType(`${name}Edge`, { simpleResolvers: true })(Edge);
  Field(() => String)(Edge.prototype, 'cursor');
  Field(() => node())(Edge.prototype, 'node');

  const Connection = namedClass(`${name}Connection`);
  ObjectType(`${name}Connection`, { simpleResolvers: true })(Connection);
  Field(() => [Edge])(Connection.prototype, 'edges');
  Field(() => [node()])(Connection.prototype, 'nodes');
  Field(() => PageInfo)(Connection.prototype, 'pageInfo');
  Field(() => Int, { description: 'Of the whole list, not of this page.' })(Connection.prototype, 'totalCount');
  if (options.countsByHealth) {
    Field(() => [HealthCount], { description: 'Of the whole list.' })(Connection.prototype, 'countsByHealth');
  }
  return Connection;
}

/** An empty class for types that are made from data. */
export function namedClass(name: string): ClassType {
  return { [name]: class {} }[name] as ClassType;
}
