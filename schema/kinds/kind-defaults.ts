import { Type } from 'typebox';
import { closed, kindSpec, offeredNameOf } from './shapes.js';

const kind = Type.String({ minLength: 1, description: 'Of what it holds: `Database`.' });

/** Which definition is used where nobody names one. */
export const kindDefinitions = Type.Array(closed({ kind, definition: offeredNameOf('definition of that kind') }), {
  maxItems: 50,
  description: 'Which definition is used where nobody names one, by kind.',
});

/** What resources of a kind get here that say nothing else. */
export const kindDefaults = Type.Array(closed({ kind, spec: kindSpec }), {
  maxItems: 50,
  description: 'What resources of a kind get here, where neither they nor what made them say anything.',
});
