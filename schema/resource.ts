import { type ClassType, Field, ID, Int, InterfaceType, ObjectType } from 'type-graphql';
import type { JsonObject } from '../lib/canonical.js';
import { connectionOf } from './connection.js';
import { kindType } from './kind-types.js';
import { Node } from './node.js';
import { DateTimeScalar, JsonScalar } from './scalars.js';
import { Status } from './status.js';

/** The envelope that every kind has. Relations are resolved in resolvers/resource.ts. */
@InterfaceType('Resource', {
  implements: Node,
  autoRegisterImplementations: false,
  description: 'One thing of a kind. Fields of its own are those of the type that its kind names.',
})
export abstract class Resource {
  @Field(() => ID)
  readonly id!: string;
  @Field(() => String)
  readonly kind!: string;
  @Field(() => String)
  readonly name!: string;
  @Field(() => ID, { nullable: true })
  readonly projectId!: string | null;
  @Field(() => ID, { nullable: true })
  readonly environmentId!: string | null;
  @Field(() => ID, { nullable: true })
  readonly ownerId!: string | null;
  @Field(() => JsonScalar)
  readonly labels!: Readonly<Record<string, string>>;
  @Field(() => Int, { description: 'Counts changes of desired state.' })
  readonly generation!: number;
  @Field(() => Int, {
    description: 'Counts changes of spec, labels and deletion: what expectedVersion is compared with.',
  })
  readonly version!: number;
  @Field(() => Int)
  readonly specVersion!: number;
  @Field(() => JsonScalar, {
    description: 'The spec as JSON, for clients that know no kind. Secret values are references.',
  })
  readonly document!: JsonObject;
  @Field(() => JsonScalar, {
    description:
      'Who set each field of the spec, by its path: a manager, or a layer (`layer:tier/dev`). An entry of a list, or of something in one, is about all below it.',
  })
  readonly managers!: Readonly<Record<string, string>>;
  @Field(() => Status)
  readonly status!: Status;
  @Field(() => String, { nullable: true, description: 'The lease that allows to act on it; null where nothing does.' })
  readonly leaseKey!: string | null;
  @Field(() => DateTimeScalar)
  readonly createdAt!: string;
  @Field(() => DateTimeScalar)
  readonly updatedAt!: string;
  @Field(() => DateTimeScalar, { nullable: true })
  readonly deletionRequestedAt!: string | null;
  @Field(() => Boolean, { description: 'Its deletion does not wait for the outside: what it has there is forgotten.' })
  readonly isDeletionForced!: boolean;
  @Field(() => Boolean, {
    description: 'Made because another resource needed it; it leaves with the last that refers to it.',
  })
  readonly isOnDemand!: boolean;
}

@ObjectType({ simpleResolvers: true, description: 'A typed edge from one resource to another. Never dangling.' })
export class Reference {
  @Field(() => String, { description: 'Dotted path in the spec, `after.0` for items of arrays.' })
  readonly path!: string;
  readonly toId!: string;
}

export const ResourceConnection = connectionOf('Resource', () => Resource, { countsByHealth: true });

export const projectType = (): ClassType => kindType('Project');
export const environmentType = (): ClassType => kindType('Environment');
