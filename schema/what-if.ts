import { Field, ID, Int, ObjectType } from 'type-graphql';
import { enumOf } from './enums.js';

export const WhatIfEffectEnum = enumOf(
  'WhatIfEffect',
  ['BLOCKS', 'BREAKS', 'DELETED'],
  'BLOCKS: stays and needs it, so that the deletion is refused while it does. BREAKS: needs one of those that would not work without it. DELETED: goes with it.',
);

@ObjectType({ simpleResolvers: true, description: 'A resource that has to do with a deletion, by its names.' })
export class WhatIfSubject {
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
  @Field(() => ID, { nullable: true })
  readonly ownerId!: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'An output that a resource would have to do without.' })
export class LostOutput {
  @Field(() => String)
  readonly output!: string;
  @Field(() => String, { description: 'Where it has it: `env var DB_HOST of Deployment/web`.' })
  readonly place!: string;
}

@ObjectType({ simpleResolvers: true, description: 'What would become of one resource.' })
export class Effect {
  @Field(() => WhatIfSubject)
  readonly resource!: WhatIfSubject;
  @Field(() => WhatIfEffectEnum)
  readonly effect!: keyof typeof WhatIfEffectEnum;
  @Field(() => [WhatIfSubject], { description: 'From one that is to go to this one.' })
  readonly path!: readonly WhatIfSubject[];
  @Field(() => String, {
    nullable: true,
    description: 'Dotted path of the field that refers to the one before it; null where none does.',
  })
  readonly via!: string | null;
  @Field(() => String, { description: 'A sentence.' })
  readonly message!: string;
  @Field(() => [LostOutput])
  readonly lost!: readonly LostOutput[];
}

@ObjectType({ simpleResolvers: true, description: 'How many resources of an app instance, or of none, are concerned.' })
export class EffectCount {
  @Field(() => String, { nullable: true })
  readonly environment!: string | null;
  @Field(() => String, { nullable: true, description: 'Name of the app instance.' })
  readonly app!: string | null;
  @Field(() => Int)
  readonly blocks!: number;
  @Field(() => Int)
  readonly breaks!: number;
  @Field(() => Int)
  readonly deleted!: number;
}

@ObjectType({ simpleResolvers: true, description: 'What would happen if resources were deleted.' })
export class WhatIf {
  @Field(() => [WhatIfSubject])
  readonly removed!: readonly WhatIfSubject[];
  @Field(() => Boolean, { description: 'Whether deleting these now would be refused.' })
  readonly isRefused!: boolean;
  @Field(() => [Effect], { description: 'What stands in the way, what breaks, what goes with it; at most 500.' })
  readonly effects!: readonly Effect[];
  @Field(() => [EffectCount], { description: 'Of all, by environment and app.' })
  readonly counts!: readonly EffectCount[];
  @Field(() => Boolean, { description: 'There are more than are listed.' })
  readonly isTruncated!: boolean;
}
