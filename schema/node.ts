import 'reflect-metadata';
import { Field, ID, InterfaceType } from 'type-graphql';

@InterfaceType('Node', { autoRegisterImplementations: false })
export abstract class Node {
  @Field(() => ID)
  readonly id!: string;
}
