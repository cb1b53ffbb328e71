import type { Delays } from '../../drivers/sandbox/delays.js';
import type { Json, JsonObject } from '../../lib/canonical.js';

/** Stacks that each take an output of the one before. */
const DEPTH = 5;
/** Stacks that depend on nothing. */
const BESIDE = 5;

/** An app of ten dependencies, five of them one after the other, and a component that takes what the last one gives. */
export const graphApp = {
  dependencies: [
    ...Array.from({ length: DEPTH }, (_, index) =>
      stack(`stack-${index}`, index === 0 ? 'first' : { $from: `stack-${index - 1}.value` }),
    ),
    ...Array.from({ length: BESIDE }, (_, index) => stack(`beside-${index}`, 'alone')),
  ],
  components: [
    {
      name: 'web',
      type: 'manifests',
      objects: [
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'settings' },
          data: { value: { $from: `stack-${DEPTH - 1}.value` } },
        },
      ],
    },
  ],
} as const;

function stack(name: string, value: Json): JsonObject {
  return { name, kind: 'TerraformStack', spec: { module: 'echo', variables: { value } } };
}

/** How long the simulated cloud takes at least for one after the other; all else happens meanwhile. */
export function criticalPathMs({ cloud }: Delays): number {
  return DEPTH * cloud.createMs.stack;
}
