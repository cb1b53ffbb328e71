import type { ServerResponse } from 'node:http';
import { type Clock, sleep } from '../lib/clock.js';
import { answer } from './answer.js';
import type { Route } from './http.js';

/** One thing that the server works with. `degraded`: it can do without. Throws a sentence when it cannot. */
export type ReadinessCheck = () => Promise<Outcome>;

type Outcome = 'ok' | 'degraded';

/** /healthz: the process answers, whatever it can do. A supervisor that sees it fail restarts the process. */
export const healthRoute: Route = {
  methods: ['GET', 'HEAD'],
  isProbe: true,
  handle: (_request, response) => answerJson(response, 200, { status: 'ok' }),
};

/** /readyz: whether requests can be served now. A load balancer that sees it fail sends them elsewhere. */
export function createReadyRoute(
  checks: Readonly<Record<string, ReadinessCheck>>,
  isStopping: () => boolean,
  clock: Clock,
): Route {
  return {
    methods: ['GET', 'HEAD'],
    isProbe: true,
    async handle(_request, response) {
      const entries = Object.entries(checks).map(
        async ([name, check]) => [name, await outcomeOf(check, clock)] as const,
      );
      const outcomes = Object.fromEntries(await Promise.all(entries));
      const isReady = !isStopping() && Object.values(outcomes).every((outcome) => outcome !== 'failed');
      const status = isStopping() ? 'stopping' : isReady ? 'ready' : 'notReady';
      answerJson(response, isReady ? 200 : 503, { status, checks: outcomes });
    },
  };
}

/** Who asks for readiness asks again soon; a check that hangs is as good as failed. */
const CHECK_TIMEOUT_MS = 2_000;

/** `ok`, `degraded` or `failed`: why it failed is in the log of whoever noticed, for a probe's answer is read by anybody. */
async function outcomeOf(check: ReadinessCheck, clock: Clock): Promise<Outcome | 'failed'> {
  const waiting = new AbortController();
  try {
    const late = sleep(clock, CHECK_TIMEOUT_MS, waiting.signal).then(() => 'failed' as const);
    return await Promise.race([check(), late]);
  } catch {
    return 'failed';
  } finally {
    waiting.abort();
  }
}

function answerJson(response: ServerResponse, status: number, body: object): void {
  answer(response, status, { 'content-type': 'application/json; charset=utf-8' }, `${JSON.stringify(body)}\n`);
}
