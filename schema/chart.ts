import { Field, ObjectType } from 'type-graphql';
import { Resource } from './resource.js';

@ObjectType({
  simpleResolvers: true,
  description: 'A resource, and all that it and they own or refer to, at any depth.',
})
export class Chart {
  @Field(() => [Resource], {
    description: 'Each once: the resource itself, then by distance. The edges are their owners and references.',
  })
  readonly nodes!: readonly object[];
  @Field(() => Boolean, { description: 'Whether these are all. At most 500 are told.' })
  readonly isComplete!: boolean;
}
