import { type Static, Type } from 'typebox';
import { closed, nameOf } from './shapes.js';

/** What an instance of an app may choose. */
export const appParameter = closed({
  name: Type.String({ pattern: '^[a-z][a-zA-Z0-9]{0,62}$', description: 'Unique in the app.' }),
  type: Type.Union(
    [Type.Literal('string'), Type.Literal('int'), Type.Literal('bool'), Type.Literal('enum'), Type.Literal('quantity')],
    { description: 'quantity: as Kubernetes writes amounts, such as 500m or 2Gi.' },
  ),
  description: Type.Optional(Type.String()),
  default: Type.Optional(Type.Unknown({ description: 'Left out: it must be given, if it is required.' })),
  required: Type.Optional(Type.Boolean()),
  values: Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: 200, description: 'Of an enum.' })),
  pattern: Type.Optional(Type.String({ maxLength: 500, description: 'Of a string: a regular expression.' })),
  minimum: Type.Optional(Type.Unknown({ description: 'Of an int or a quantity.' })),
  maximum: Type.Optional(Type.Unknown({ description: 'Of an int or a quantity.' })),
  setIn: Type.Optional(
    Type.Array(nameOf('Tier'), {
      maxItems: 50,
      description: 'Tiers in which an instance may set it; elsewhere the default holds. Left out: all.',
    }),
  ),
});

export type AppParameter = Static<typeof appParameter>;
