import { Field, ID, ObjectType } from 'type-graphql';
import type { Health } from '../lib/health.js';
import { HealthEnum } from './enums.js';
import { DateTimeScalar } from './scalars.js';

@ObjectType({ simpleResolvers: true, description: 'A resource that has to do with a cause, by its names.' })
export class WhySubject {
  @Field(() => ID)
  readonly id!: string;
  @Field(() => String)
  readonly kind!: string;
  @Field(() => String)
  readonly name!: string;
  @Field(() => String, { nullable: true, description: 'Name of its project.' })
  readonly project!: string | null;
  @Field(() => String, { nullable: true, description: 'Name of its environment.' })
  readonly environment!: string | null;
  @Field(() => HealthEnum)
  readonly health!: Health;
}

@ObjectType({ simpleResolvers: true })
export class WhyStep {
  @Field(() => WhySubject)
  readonly resource!: WhySubject;
}

@ObjectType({ simpleResolvers: true, description: 'An outside object that a cause is about.' })
export class CauseObject {
  @Field(() => String)
  readonly kind!: string;
  @Field(() => String, { description: 'Empty for cluster-scoped kinds.' })
  readonly namespace!: string;
  @Field(() => String)
  readonly name!: string;
}

@ObjectType({
  simpleResolvers: true,
  description:
    'A root cause: nothing that is known explains it further. Never a wait for something that has a cause itself.',
})
export class Cause {
  @Field(() => [WhyStep], { description: 'From the resource that was asked about to the one that the cause is about.' })
  readonly path!: readonly WhyStep[];
  @Field(() => WhySubject, { description: 'The last of the path.' })
  readonly resource!: WhySubject;
  @Field(() => CauseObject, { nullable: true, description: 'null: it is about the resource itself.' })
  readonly object!: CauseObject | null;
  @Field(() => HealthEnum, { description: 'How bad it is.' })
  readonly health!: Health;
  @Field(() => String, { description: 'PascalCase.' })
  readonly reason!: string;
  @Field(() => String, { description: 'A sentence for people.' })
  readonly message!: string;
  @Field(() => DateTimeScalar)
  readonly since!: string;
  @Field(() => [WhySubject], { description: 'What it waits for.' })
  readonly blockedBy!: readonly WhySubject[];
  @Field(() => DateTimeScalar, { nullable: true, description: 'When its controller tries again by itself.' })
  readonly nextRetryAt!: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'What a person can do, with the command where there is one; null: nothing but to wait.',
  })
  readonly fix!: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'Why a resource is not as it should be.' })
export class Why {
  @Field(() => Boolean, {
    description: 'Whether there is nothing to explain. What differs outside is told all the same.',
  })
  readonly isSettled!: boolean;
  @Field(() => HealthEnum)
  readonly health!: Health;
  @Field(() => [Cause], { description: 'The worst first, then the deepest, then the oldest.' })
  readonly causes!: readonly Cause[];
  @Field(() => Boolean, { description: 'There may be more causes.' })
  readonly isTruncated!: boolean;
}
