import { type Static, Type } from 'typebox';
import { location } from './locations.js';
import { closed, nameOf } from './shapes.js';

const path = Type.String({ minLength: 1, maxLength: 200, description: 'Of a parameter, dotted: `storageGb`.' });

/** What a definition allows. Each is a rule that a refusal names, with its owner and what is allowed. */
export const guardrails = closed(
  {
    open: Type.Optional(
      Type.Array(path, { maxItems: 100, description: 'What an instance may set itself. Left out: every parameter.' }),
    ),
    allowed: Type.Optional(
      Type.Array(closed({ path, values: Type.Array(Type.Unknown(), { minItems: 1, maxItems: 200 }) }), {
        maxItems: 100,
      }),
    ),
    maxima: Type.Optional(Type.Array(closed({ path, maximum: Type.Number() }), { maxItems: 100 })),
    minima: Type.Optional(Type.Array(closed({ path, minimum: Type.Number() }), { maxItems: 100 })),
    tiers: Type.Optional(
      Type.Array(nameOf('Tier'), { minItems: 1, maxItems: 50, description: 'Only in environments of these tiers.' }),
    ),
    locations: Type.Optional(Type.Array(location, { minItems: 1, maxItems: 50 })),
  },
  { description: 'Limits for instances.' },
);

export type Guardrails = Static<typeof guardrails>;
