import type { Json } from '../../../lib/canonical.js';
import type { Health } from '../../../lib/health.js';
import type { ChildView } from '../../../sdk/resource.js';

/** A part of a resource as its controller reported it. */
export function makePart(
  kind: string,
  name: string,
  options: {
    readonly health?: Health;
    readonly outputs?: Readonly<Record<string, Json>>;
    readonly message?: string;
    readonly references?: ChildView['references'];
  } = {},
): ChildView {
  const { health = 'Healthy', outputs = {}, message = '', references = [] } = options;
  const isReady = health === 'Healthy';
  const since = '2026-01-01T00:00:00.000Z';
  return {
    id: `${kind}/${name}`,
    kind,
    name,
    references,
    status: {
      observedGeneration: 1,
      version: 1,
      health,
      isSettled: isReady,
      conditions: [
        {
          type: 'Ready',
          status: isReady ? 'True' : 'False',
          reason: isReady ? 'Available' : 'ObjectFailed',
          message,
          since,
        },
        { type: 'Synced', status: 'True', reason: 'InSync', message: '', since },
      ],
      outputs: Object.fromEntries(Object.entries(outputs).map(([key, value]) => [key, { value, version: 1 }])),
      observed: {},
    },
  };
}
