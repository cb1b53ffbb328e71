import { Field, InputType, ObjectType } from 'type-graphql';
import type { JsonObject } from '../lib/canonical.js';
import { AppliedEdit } from './apply.js';
import { ObjectStep } from './object-plan.js';
import { JsonScalar } from './scalars.js';

@InputType({ description: 'What runs already and is to be looked after as an app.' })
export class AdoptionInput {
  @Field(() => String, { description: 'Name of the KubernetesRuntime where it runs.' })
  readonly runtime!: string;
  @Field(() => String)
  readonly namespace!: string;
  @Field(() => String, {
    nullable: true,
    description: 'A label selector, as kubectl takes it. Left out: all of the namespace.',
  })
  readonly selector?: string | null;
  @Field(() => [String], { nullable: true, description: '`Kind/name` of objects that are not to be taken.' })
  readonly except?: readonly string[] | null;
  @Field(() => String, { description: 'Name of the App and of the AppInstance to make.' })
  readonly app!: string;
  @Field(() => String, { description: 'Name of the environment of the AppInstance.' })
  readonly environment!: string;
  @Field(() => String, { nullable: true, description: 'Left out: default.' })
  readonly project?: string | null;
}

@InputType()
export class AdoptInput extends AdoptionInput {
  @Field(() => String, {
    description: 'Of the Adoption that was looked at. Refused with CONFLICT when another one would come of it by now.',
  })
  readonly digest!: string;
  @Field(() => String, { nullable: true, description: 'Who sets the fields. Left out: the name of the principal.' })
  readonly manager?: string | null;
  @Field(() => String, { nullable: true })
  readonly idempotencyKey?: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'An object that is not taken over.' })
export class LeftOutObject {
  @Field(() => String, { description: '`Kind/namespace/name`.' })
  readonly object!: string;
  @Field(() => String, { description: 'A sentence.' })
  readonly why!: string;
}

@ObjectType({
  simpleResolvers: true,
  description: 'What would be taken over, and what that would do. Nothing is written.',
})
export class Adoption {
  @Field(() => String, { description: 'Given to adopt, so that what is taken over is what was looked at.' })
  readonly digest!: string;
  @Field(() => [JsonScalar], { description: 'The objects as the app would have them; secret values are hidden.' })
  readonly objects!: readonly JsonObject[];
  @Field(() => [ObjectStep], { description: 'What would happen to each of them, asked of the cluster by dry runs.' })
  readonly steps!: readonly ObjectStep[];
  @Field(() => Boolean, { description: 'Whether none of them would change but for our labels.' })
  readonly isUnchanged!: boolean;
  @Field(() => [LeftOutObject])
  readonly leftOut!: readonly LeftOutObject[];
  @Field(() => [String], { description: 'What could not be looked at and why, in sentences.' })
  readonly unavailable!: readonly string[];
}

@ObjectType({ simpleResolvers: true })
export class AdoptPayload {
  @Field(() => String)
  readonly changesetId!: string;
  @Field(() => String)
  readonly cursor!: string;
  @Field(() => [AppliedEdit])
  readonly edits!: readonly AppliedEdit[];
}
