import { Field, ID, InputType } from 'type-graphql';
import type { Health } from '../lib/health.js';
import { EventTypeEnum, HealthEnum, RevisionOpEnum } from './enums.js';

@InputType()
export class LabelInput {
  @Field(() => String)
  readonly key!: string;
  @Field(() => String)
  readonly value!: string;
}

@InputType({ description: 'What is left out matches all.' })
export class ResourceFilter {
  @Field(() => [ID], { nullable: true })
  readonly ids?: readonly string[] | null;
  @Field(() => [String], { nullable: true })
  readonly kinds?: readonly string[] | null;
  @Field(() => [String], { nullable: true })
  readonly names?: readonly string[] | null;
  @Field(() => String, { nullable: true, description: 'A part of the name.' })
  readonly nameContains?: string | null;
  @Field(() => String, { nullable: true, description: 'Name of a project. Left out: all.' })
  readonly project?: string | null;
  @Field(() => String, { nullable: true, description: 'Name of an environment.' })
  readonly environment?: string | null;
  @Field(() => ID, { nullable: true })
  readonly ownerId?: string | null;
  @Field(() => [HealthEnum], { nullable: true })
  readonly health?: readonly Health[] | null;
  @Field(() => [LabelInput], { nullable: true, description: 'All of them.' })
  readonly labels?: readonly LabelInput[] | null;
  @Field(() => Boolean, { nullable: true })
  readonly isDeleting?: boolean | null;
}

@InputType({ description: 'What is left out matches all.' })
export class ObjectFilter {
  @Field(() => ID, { nullable: true, description: 'The resource that owns them.' })
  readonly resourceId?: string | null;
  @Field(() => Boolean, { nullable: true, description: 'Also those of what it owns.' })
  readonly withChildren?: boolean | null;
  @Field(() => String, { nullable: true })
  readonly project?: string | null;
  @Field(() => String, { nullable: true })
  readonly environment?: string | null;
  @Field(() => [String], { nullable: true, description: 'Kinds of objects: `Deployment`.' })
  readonly kinds?: readonly string[] | null;
  @Field(() => [String], { nullable: true })
  readonly names?: readonly string[] | null;
  @Field(() => [HealthEnum], { nullable: true })
  readonly health?: readonly Health[] | null;
  @Field(() => Boolean, { nullable: true, description: 'Whether they differ from what is desired.' })
  readonly isDrifted?: boolean | null;
}

@InputType()
export class EventFilter {
  @Field(() => ID, { nullable: true })
  readonly resourceId?: string | null;
  @Field(() => String, { nullable: true })
  readonly project?: string | null;
  @Field(() => String, { nullable: true })
  readonly environment?: string | null;
  @Field(() => EventTypeEnum, { nullable: true })
  readonly type?: keyof typeof EventTypeEnum | null;
  @Field(() => Boolean, { nullable: true, description: 'Whether a cluster told of it, and not Portolan itself.' })
  readonly isOfCluster?: boolean | null;
  @Field(() => Boolean, { nullable: true, description: 'Also those of what it owns.' })
  readonly withChildren?: boolean | null;
}

@InputType({ description: 'What is left out matches all. Names are those of whatever was called so at any time.' })
export class RevisionFilter {
  @Field(() => ID, { nullable: true })
  readonly resourceId?: string | null;
  @Field(() => [String], { nullable: true })
  readonly kinds?: readonly string[] | null;
  @Field(() => [String], { nullable: true })
  readonly names?: readonly string[] | null;
  @Field(() => String, { nullable: true })
  readonly project?: string | null;
  @Field(() => String, { nullable: true })
  readonly environment?: string | null;
  @Field(() => [RevisionOpEnum], { nullable: true })
  readonly ops?: readonly (keyof typeof RevisionOpEnum)[] | null;
}
