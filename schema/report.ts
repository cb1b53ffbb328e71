import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { ErrorCodeEnum } from './error-code.js';
import { BeginIntentInput, Intent, ResolveIntentInput } from './intents.js';
import { RecordEventsInput } from './record-events.js';
import { ReportObjectsInput } from './report-objects.js';
import { ReportStatusInput } from './report-status.js';
import { JsonScalar } from './scalars.js';

@InputType({ description: 'One of these.' })
export class OneReportInput {
  @Field(() => ReportStatusInput, { nullable: true })
  readonly status?: ReportStatusInput | null;
  @Field(() => ReportObjectsInput, { nullable: true })
  readonly objects?: ReportObjectsInput | null;
  @Field(() => RecordEventsInput, { nullable: true })
  readonly events?: RecordEventsInput | null;
  @Field(() => BeginIntentInput, { nullable: true })
  readonly beginIntent?: BeginIntentInput | null;
  @Field(() => ResolveIntentInput, { nullable: true })
  readonly resolveIntent?: ResolveIntentInput | null;
}

@InputType()
export class ReportInput {
  @Field(() => [OneReportInput], { description: 'In the order in which they were seen. At most 200.' })
  readonly reports!: readonly OneReportInput[];
}

@ObjectType({ simpleResolvers: true })
export class ReportRefusal {
  @Field(() => ErrorCodeEnum)
  readonly code!: string;
  @Field(() => String)
  readonly message!: string;
  @Field(() => JsonScalar, { description: 'What errors have in their extensions.' })
  readonly details!: unknown;
}

@ObjectType({ simpleResolvers: true })
export class ReportAnswer {
  @Field(() => Int, { nullable: true, description: 'Of a status.' })
  readonly statusVersion?: number | null;
  @Field(() => Boolean, { nullable: true, description: 'Of a status.' })
  readonly isChanged?: boolean | null;
  @Field(() => Int, { nullable: true, description: 'Of objects: how many.' })
  readonly changed?: number | null;
  @Field(() => Intent, { nullable: true, description: 'Of an intent.' })
  readonly intent?: Intent | null;
  @Field(() => ReportRefusal, { nullable: true, description: 'null: it was taken.' })
  readonly refusal?: ReportRefusal | null;
}

@ObjectType({ simpleResolvers: true })
export class ReportPayload {
  @Field(() => [ReportAnswer], { description: 'One for each report.' })
  readonly answers!: readonly ReportAnswer[];
}
