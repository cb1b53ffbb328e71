import type { PlanQueryVariables } from '../../sdk/generated/operations.js';

export type PlanInput = PlanQueryVariables['input'];
export type Edits = PlanInput['edits'];
