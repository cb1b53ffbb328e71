import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { ObjectsInput } from '../db/contract.js';
import { LimitExceededError } from '../lib/errors.js';
import type { FieldDifference } from '../lib/field-difference.js';
import type { FieldDifferenceInput } from '../schema/field-difference.js';
import { ReportObjectsInput, ReportObjectsPayload } from '../schema/report-objects.js';
import { checkId, type InputPath, storableJson, storableText } from './checks.js';
import type { GraphContext } from './context.js';

@Resolver()
export class ReportObjectsResolver {
  @Mutation(() => ReportObjectsPayload, {
    description: 'The inventory: what a resource is about to own outside, owns, or was observed to have no more.',
  })
  reportObjects(
    @Arg('input', () => ReportObjectsInput) input: ReportObjectsInput,
    @Ctx() { store, actor }: GraphContext,
  ) {
    return store.reportObjects(toObjectsInput(input), actor);
  }
}

/** Throws BadInputError for what cannot be stored, LimitExceededError for too much; `at` is where the input stands. */
export function toObjectsInput(input: ReportObjectsInput, at: InputPath = []): ObjectsInput {
  const count = input.objects.length + input.absent.length;
  if (count > MAX_OBJECTS) {
    throw new LimitExceededError(
      `One report has at most ${MAX_OBJECTS} objects, and this one has ${count}. Split it.`,
      { path: [...at, 'objects'], limit: MAX_OBJECTS },
    );
  }
  return {
    resourceId: checkId(input.resourceId, [...at, 'resourceId']),
    runtimeId: checkId(input.runtimeId, [...at, 'runtimeId']),
    fence: input.fence,
    statusVersion: input.statusVersion ?? null,
    objects: input.objects.map((object) => ({
      ...object,
      message: storableText(object.message),
      uid: object.uid ?? null,
      appliedHash: object.appliedHash ?? null,
      reason: object.reason ?? null,
      drift: object.drift?.map(storableDifference) ?? null,
    })),
    absent: input.absent,
  };
}

function storableDifference({ path, desired, live, manager, at }: FieldDifferenceInput): FieldDifference {
  return {
    path: storableText(path),
    desired: storableJson(desired),
    live: storableJson(live),
    manager: manager ?? null,
    at: at ?? null,
  };
}

/** Twice what a component may have. */
const MAX_OBJECTS = 4000;
