import 'reflect-metadata';
import test from 'ava';
import { graphql } from 'graphql';
import {
  Arg,
  buildSchemaSync,
  Ctx,
  Field,
  FieldResolver,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { resolveDirectly } from '../../resolvers/direct-resolvers.js';

@InputType()
class PairInput {
  @Field(() => Int)
  left = 0;
}

@ObjectType()
class Pair {
  @Field(() => Int)
  left = 0;
}

@Resolver(() => Pair)
class Pairs {
  @Query(() => Pair)
  pair(@Arg('input', () => PairInput) input: PairInput) {
    return { left: input instanceof PairInput ? input.left : -1 };
  }

  @Mutation(() => Pair)
  put(@Arg('input', () => PairInput) input: PairInput) {
    return { left: Object.getPrototypeOf(input) === null ? input.left : -1 };
  }

  @FieldResolver(() => String)
  told(
    @Arg('times', () => Int, { defaultValue: 2 }) times: number,
    @Ctx() { word }: { readonly word: string },
    @Root() { left }: Pair,
  ) {
    return `${word} ${left * times}`;
  }
}

test('a relation that is called without type-graphql gets what it asks for, and one that takes an input is called by it', async (t) => {
  const schema = buildSchemaSync({ resolvers: [Pairs], validate: false });
  const before = schema.getQueryType()?.getFields().pair?.resolve;
  resolveDirectly(schema, [Pairs]);
  t.is(schema.getQueryType()?.getFields().pair?.resolve, before);
  const { data, errors } = await graphql({
    schema,
    source: '{ pair(input: { left: 3 }) { left told thrice: told(times: 3) } }',
    contextValue: { word: 'it is' },
  });
  t.is(errors, undefined);
  t.deepEqual(JSON.parse(JSON.stringify(data)), { pair: { left: 3, told: 'it is 6', thrice: 'it is 9' } });
});

test('a mutation gets its input as graphql coerced it', async (t) => {
  const schema = buildSchemaSync({ resolvers: [Pairs], validate: false });
  resolveDirectly(schema, [Pairs]);
  const source = 'mutation { put(input: { left: 3 }) { left } }';
  const { data, errors } = await graphql({ schema, source });
  t.is(errors, undefined);
  t.deepEqual(JSON.parse(JSON.stringify(data)), { put: { left: 3 } });
});
