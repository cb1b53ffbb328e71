import { hashJson } from '../../lib/node/hash.js';
import type { Contender, Sample } from '../case.js';
import { createCpuMeter } from './cpu-meter.js';
import type { LoadGenerator } from './load-generator.js';
import type { LoadRequest } from './load-plan.js';

export interface HttpContenderOptions {
  readonly name: string;
  readonly role: Contender['role'];
  readonly group?: string;
  readonly url: string;
  /** Reads: asked once and hashed before each measurement; while timed each answer must be those bytes again. */
  readonly requests: readonly LoadRequest[];
  /** Brings the answer of a peer with a schema of its own into the form of the floor's. */
  readonly normalize?: (answer: unknown) => unknown;
  /** Does the same reads and answers with something of its own: not compared. */
  readonly hasOwnAnswer?: boolean;
  /** Whose process trees cost: the server's and Postgres. */
  readonly pids: readonly number[];
  readonly load: LoadGenerator;
  readonly connections: number;
  readonly warmCount: number;
  readonly count: number;
  /** Of several connections: adds latency from an open loop at this part of the capacity that the closed loop showed: 0.3. */
  readonly latencyAt?: number;
}

/** A server that is asked the same things over HTTP again and again. */
export function httpContender(options: HttpContenderOptions): Contender {
  const { name, role, url, load, connections, count } = options;
  const meter = createCpuMeter(() => options.pids);
  return {
    name,
    role,
    ...(options.group !== undefined && { group: options.group }),
    async warm() {
      const { errors, firstError } = await load.run({
        url,
        connections,
        requests: options.requests,
        count: options.warmCount,
      });
      if (errors > 0) throw new Error(`it answers wrongly: ${firstError}`);
    },
    async measure(): Promise<Sample> {
      const verified = await verify(options);
      const plan = { url, connections, requests: verified.requests };
      const startCpuMs = meter.readMs();
      const result = await load.run({ ...plan, count });
      const cpuMs = meter.readMs() - startCpuMs;
      const figures: Record<string, number> = {};
      if (connections === 1) Object.assign(figures, { p50Ms: result.p50Ms, p99Ms: result.p99Ms });
      let { errors, firstError } = result;
      if (options.latencyAt !== undefined) {
        const perSecond = ((result.completed * 1000) / result.wallMs) * options.latencyAt;
        const open = await load.run({ ...plan, count: Math.ceil(count * options.latencyAt), perSecond });
        Object.assign(figures, { p50Ms: open.p50Ms, p99Ms: open.p99Ms });
        errors += open.errors;
        firstError ??= open.firstError;
      }
      return {
        operations: result.completed,
        wallMs: result.wallMs,
        cpuMs,
        loadCpuMs: result.cpuMs,
        errors,
        ...(firstError !== null && { firstError }),
        ...(options.hasOwnAnswer ? {} : { answerHash: verified.hash }),
        figures,
      };
    },
  };
}

/** Asks each once. What is not JSON, or no success, makes another hash than any right answer. */
async function verify({ url, requests, normalize }: HttpContenderOptions) {
  const answers: unknown[] = [];
  const expecting: LoadRequest[] = [];
  for (const request of requests) {
    const { method, headers, body } = request;
    const response = await fetch(url + request.path, { method, headers, ...(method === 'POST' && { body }) });
    const expected = await response.text();
    if (!response.ok) throw new Error(`it answers ${response.status}: ${expected.slice(0, 400)}`);
    const answer: unknown = JSON.parse(expected);
    answers.push(normalize ? normalize(answer) : answer);
    expecting.push({ ...request, expected });
  }
  return { hash: hashJson(answers), requests: expecting };
}
