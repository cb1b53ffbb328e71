import { setTimeout as delay } from 'node:timers/promises';
import type { Graph } from './graph.js';

/** What was written, and what it took. */
export interface Written {
  /** Acknowledged, each once. */
  readonly changes: number;
  readonly wallMs: number;
  /** Refused for a reason that does not pass, in words. */
  readonly failures: readonly string[];
}

export interface Writers {
  /** As fast as `writers` that wait for their answers are. */
  closedLoop(forMs: number, writers: number): Promise<Written>;
  /** At a steady rate, whatever happens. What the server could not answer is sent again until it can. */
  openLoop(forMs: number, perSecond: number): Promise<Written>;
}

const CHANGE = `mutation ($edits: [EditInput!]!, $key: String) {
  apply(input: { edits: $edits, idempotencyKey: $key }) { cursor } }`;
const RETRY_MS = 50;
const GIVE_UP_MS = 30_000;

/** Each change is one commit with a key of its own, so that one whose answer was lost is made once all the same. */
export function createWriters(graph: Graph, names: readonly string[]): Writers {
  let made = 0;
  const change = async (failures: string[]): Promise<void> => {
    made += 1;
    const name = names[made % names.length] ?? '';
    const edits = [{ op: 'UPDATE', kind: 'Tier', name, labels: { said: String(made) } }];
    const variables = { edits, key: `change-${made}` };
    const deadlineMs = performance.now() + GIVE_UP_MS;
    for (;;) {
      try {
        return void (await graph.ask(CHANGE, variables));
      } catch (error) {
        if (performance.now() > deadlineMs) return void failures.push(String(error));
        await delay(RETRY_MS);
      }
    }
  };
  const written = (before: number, startMs: number, failures: readonly string[]): Written => ({
    changes: made - before - failures.length,
    wallMs: performance.now() - startMs,
    failures,
  });
  return {
    async closedLoop(forMs, writers) {
      const [before, startMs] = [made, performance.now()];
      const failures: string[] = [];
      const write = async () => {
        while (performance.now() - startMs < forMs) await change(failures);
      };
      await Promise.all(Array.from({ length: writers }, write));
      return written(before, startMs, failures);
    },
    async openLoop(forMs, perSecond) {
      const [before, startMs] = [made, performance.now()];
      const failures: string[] = [];
      const open = new Set<Promise<void>>();
      for (let nextMs = startMs; nextMs - startMs < forMs; nextMs += 1000 / perSecond) {
        if (nextMs > performance.now()) await delay(nextMs - performance.now());
        const changing = change(failures).finally(() => open.delete(changing));
        open.add(changing);
      }
      await Promise.all(open);
      return written(before, startMs, failures);
    },
  };
}
