import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { StatusInput } from '../db/contract.js';
import { BadInputError } from '../lib/errors.js';
import { type Condition, type Reason, reasons } from '../lib/health.js';
import { didYouMean } from '../lib/nearest.js';
import { type ConditionInput, ReportStatusInput, ReportStatusPayload } from '../schema/report-status.js';
import { checkId, checkObject, type InputPath, storableText } from './checks.js';
import type { GraphContext } from './context.js';

@Resolver()
export class ReportStatusResolver {
  @Mutation(() => ReportStatusPayload, {
    description: 'Refused when computed from an older generation, status version or lease. Equal: nothing is written.',
  })
  reportStatus(@Arg('input', () => ReportStatusInput) input: ReportStatusInput, @Ctx() { store, actor }: GraphContext) {
    return store.reportStatus(toStatusInput(input), actor);
  }
}

/** Throws BadInputError for what cannot be stored; `at` is where the input stands. */
export function toStatusInput(input: ReportStatusInput, at: InputPath = []): StatusInput {
  const { fence, observedGeneration, statusVersion, health, consumed } = input;
  return {
    resourceId: checkId(input.resourceId, [...at, 'resourceId']),
    fence,
    observedGeneration,
    statusVersion,
    health,
    conditions: input.conditions.map((condition, index) => conditionOf(condition, [...at, 'conditions', index])),
    outputs: checkObject(input.outputs, [...at, 'outputs']),
    observed: checkObject(input.observed, [...at, 'observed']),
    consumed: (consumed ?? []).map(({ resourceId, version }, index) => ({
      resourceId: checkId(resourceId, [...at, 'consumed', index, 'resourceId']),
      version,
    })),
  };
}

function conditionOf({ type, status, reason, message }: ConditionInput, path: InputPath): Condition {
  if (isReason(reason)) return { type, status, reason, message: storableText(message) };
  throw new BadInputError(`"${reason}" is not a reason${didYouMean(reason, reasons)}`, { path: [...path, 'reason'] });
}

function isReason(text: string): text is Reason {
  return reasons.some((reason) => reason === text);
}
