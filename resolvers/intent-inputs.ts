import type { BeginIntentInput, ResolveIntentInput } from '../db/contract.js';
import type { BeginIntentInput as GivenBegin, ResolveIntentInput as GivenResolve } from '../schema/intents.js';
import { checkId, checkObject } from './checks.js';

/** Checks what GraphQL does not. `at` is the path of the input, for errors. */
export function toBeginInput(input: GivenBegin, at: readonly (string | number)[] = []): BeginIntentInput {
  const { fence, action, token } = input;
  return { resourceId: checkId(input.resourceId, [...at, 'resourceId']), fence, action, token };
}

/** The same of an intent that was begun. */
export function toResolveInput(input: GivenResolve, at: readonly (string | number)[] = []): ResolveIntentInput {
  return {
    resourceId: checkId(input.resourceId, [...at, 'resourceId']),
    fence: input.fence,
    id: checkId(input.id, [...at, 'id']),
    outcome: checkObject(input.outcome, [...at, 'outcome']),
  };
}
