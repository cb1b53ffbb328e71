import type { Actor } from '../../db/contract.js';
import type { LeaseHolderRow } from '../../db/read/read-models.js';
import type { Json } from '../../lib/canonical.js';
import { createManualClock } from '../../lib/clock.js';
import { createSeededRandom } from '../../lib/random.js';
import type { ProbeQuestion } from '../../resolvers/probes.js';
import type { ProbeMessage } from '../../schema/probe.js';
import { defaultLimits } from '../../server/limits.js';
import { createProbeBroker } from '../../server/probe-broker.js';

export const alice: Actor = { principalId: 'p1', name: 'controller', role: 'controller' };
export const mallory: Actor = { principalId: 'p2', name: 'another', role: 'controller' };

/** A broker whose leases are set by hand. */
export function makeBroker(limits = {}) {
  const clock = createManualClock();
  const leases = new Map<string, LeaseHolderRow>([['runtime', { holder: 'one', principalId: 'p1', epoch: 1 }]]);
  const broker = createProbeBroker({
    findHolder: async (key) => leases.get(key) ?? null,
    limits: { ...defaultLimits, ...limits },
    clock,
    random: createSeededRandom(1),
  });
  const ask = (more: Partial<ProbeQuestion> = {}) =>
    broker.ask({ resourceId: 'r', kind: 'Workload', leaseKey: 'runtime', question: 'logs', input: {}, ...more });
  return { clock, leases, broker, ask };
}

/** A controller that is attached: what it hears, and how it answers. */
export async function attach({ broker }: ReturnType<typeof makeBroker>, holder = 'one', actor = alice) {
  const messages = broker.listen(holder, actor);
  const hear = async () => (await messages.next()).value as ProbeMessage;
  const serials = new Map<string, number>();
  const answer = async (
    { id }: Pick<ProbeMessage, 'id'>,
    chunks: readonly Json[],
    more: { isLast?: boolean; error?: string; holder?: string; actor?: Actor } = {},
  ) => {
    const serial = serials.get(id ?? '') ?? 0;
    const { isLast = false, error = null } = more;
    const part = { id: id ?? '', holder: more.holder ?? holder, serial, chunks, isLast, error };
    const state = await broker.answer(part, more.actor ?? actor);
    if (state === 'TAKEN') serials.set(id ?? '', serial + 1);
    return state;
  };
  const sync = await hear();
  return { messages, hear, answer, sync };
}

/** Takes the rejection before it can come, as an asker does. */
export function rejection(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    (value) => {
      throw new Error(`It answered ${JSON.stringify(value)}.`);
    },
    (error: Error) => error,
  );
}
