import { errorText, type TerminalError } from '../../lib/errors.js';
import type { Log } from '../../lib/log.js';
import type { Sdk } from '../client.js';
import type { EventReport } from '../resource.js';
import { createResourceClient, type FencedCall, type ResourceClient } from '../resource-client.js';
import { isReported, unobserved } from './status-report.js';

/**
 * What a manager tells of passes: events, attempts, and that a spec is invalid. Told in order for each resource, and at
 * best: what cannot be told is logged, for a failing pass comes back and tells it again.
 */
export interface Recorder {
  events(id: string, events: readonly EventReport[], call: FencedCall): void;
  attempt(
    id: string,
    attempt: { count: number; lastError: string; nextRetryAt: string | null },
    call: FencedCall,
  ): void;
  invalid(id: string, error: TerminalError, call: FencedCall): void;
  /** Resolves when all of one was told or given up. */
  told(id: string): Promise<void>;
  /** Resolves when all was told or given up. */
  idle(): Promise<void>;
}

export function createRecorder(options: { readonly sdk: Sdk; readonly kind: string; readonly log: Log }): Recorder {
  const { kind, log } = options;
  const client = createResourceClient(options.sdk, kind);
  const last = new Map<string, Promise<void>>();

  const tell = (id: string, what: string, work: () => Promise<unknown>) => {
    const done = (last.get(id) ?? Promise.resolve()).then(work).then(
      () => {},
      (error) => log.debug(`Could not tell ${what}`, { kind, id, error: errorText(error) }),
    );
    last.set(id, done);
    void done.then(() => {
      if (last.get(id) === done) last.delete(id);
    });
  };

  return {
    events(id, events, call) {
      if (events.length > 0) tell(id, 'events', () => client.recordEvents(id, `controller/${kind}`, events, call));
    },
    attempt(id, attempt, call) {
      tell(id, 'an attempt', () => client.recordAttempt(id, attempt, call));
    },
    invalid(id, error, call) {
      tell(id, 'that a spec is invalid', () => reportInvalid(client, id, errorText(error), call));
    },
    told: (id) => last.get(id) ?? Promise.resolve(),
    async idle() {
      await Promise.all(last.values());
    },
  };
}

async function reportInvalid(client: ResourceClient, id: string, message: string, call: FencedCall): Promise<void> {
  const resource = await client.get(id, call);
  if (!resource) return;
  const invalid = { status: 'False', reason: 'Invalid', message } as const;
  const report = unobserved(resource, { health: 'Degraded', ready: invalid, synced: invalid });
  if (!isReported(resource, report)) await client.reportStatus(resource, report, call);
}
