import type { Json, JsonObject } from '../../lib/canonical.js';
import { type Clock, sleep, systemClock } from '../../lib/clock.js';
import { silentLog } from '../../lib/log.js';
import { systemRandom } from '../../lib/random.js';
import { createSdk } from '../../sdk/client.js';
import { createGraphClient } from '../../sdk/graph-client.js';
import { createResourceClient } from '../../sdk/resource-client.js';
import { createReconciler } from '../../sdk/runtime/converge.js';
import { createManager } from '../../sdk/runtime/manager.js';
import type { ResourceProvider } from '../../sdk/runtime/provider.js';
import type { ProbeContext } from '../../sdk/runtime/reconciler.js';

/**
 * A controller of Workloads that touches no cluster, as a process of its own: what it answers is made up, and a runtime
 * called `dead` never answers it. It prints what begins and what is returned.
 */
interface Spec extends JsonObject {
  readonly component: string;
  readonly runtime: string;
}

const holder = process.env.PORTOLAN_HOLDER ?? '';
const shared = { clock: systemClock, random: systemRandom, log: silentLog };
const client = createGraphClient({
  url: process.env.PORTOLAN_URL ?? '',
  token: process.env.PORTOLAN_TOKEN ?? '',
  reconnectCapMs: 300,
  ...shared,
});

const provider: ResourceProvider<Spec, null, never> = {
  observe: async () => null,
  diff: () => [],
  apply: async () => {},
  removal: () => [],
  status: () => ({
    health: 'Healthy',
    conditions: [
      { type: 'Ready', status: 'True', reason: 'Available', message: '' },
      { type: 'Synced', status: 'True', reason: 'InSync', message: '' },
    ],
    observed: { objects: 0, objectsHealthy: 0 },
    outputs: {},
  }),
  probe: ({ spec }, { question, input }, context) => answer(spec, question, input as JsonObject, context),
};

async function* answer(spec: Spec, question: string, input: JsonObject, context: ProbeContext): AsyncIterable<Json> {
  print(`${question} of ${spec.component} begins`);
  try {
    if (spec.runtime === 'dead') await new Promise((_, reject) => onAbort(context.signal, reject));
    if (question === 'plan') {
      const step = { object: 'ConfigMap/hello', action: 'NONE', why: 'As it is.', differences: [], uncheckable: null };
      return yield { steps: [step] };
    }
    for (let number = 0; ; number++) {
      yield { lines: [lineOf(spec, number, context.clock)] };
      if (input.follow !== true) return;
      await sleep(context.clock, WRITES_EVERY_MS, context.signal);
      if (context.signal.aborted) return;
    }
  } finally {
    print(`${question} of ${spec.component} is returned`);
  }
}

/** A pod that writes. */
const WRITES_EVERY_MS = 50;

function lineOf({ component }: Spec, number: number, clock: Clock): JsonObject {
  const at = new Date(clock.now()).toISOString();
  return { pod: holder, container: 'main', at, text: `${component} writes ${number}` };
}

function onAbort(signal: AbortSignal, done: (reason: unknown) => void): void {
  signal.addEventListener('abort', () => done(signal.reason), { once: true });
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

createManager({
  ...shared,
  client,
  holder,
  leaseTtlMs: 5_000,
  reconcilers: [
    {
      kind: 'Workload',
      reconciler: createReconciler(provider, { client: createResourceClient<Spec>(createSdk(client), 'Workload') }),
    },
  ],
}).start();
