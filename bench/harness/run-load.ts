import { type HttpAnswer, HttpConnection } from './http-connection.js';
import type { LoadPlan, LoadRequest, LoadResult } from './load-plan.js';

/** Carries out a plan in this process. A wrong answer is counted, a connection that breaks too, and opened anew. */
export async function runLoad(plan: LoadPlan): Promise<LoadResult> {
  const prepared = plan.requests.map((request) => prepare(request, plan.url));
  const latencies = new Float64Array(plan.count);
  const startCpu = process.cpuUsage();
  const startMs = performance.now();
  let taken = 0;
  let completed = 0;
  let errors = 0;
  let bytes = 0;
  let firstError: string | null = null;
  const fail = (reason: string) => {
    errors += 1;
    firstError ??= reason;
  };

  const serve = async (number: number) => {
    let connection = await HttpConnection.open(plan.url);
    const own = plan.firstTurn === undefined ? null : plan.count / plan.connections;
    for (let turn = 0; own === null ? taken < plan.count : turn < own; turn += 1) {
      const index = own === null ? taken : turn;
      taken += 1;
      const intendedMs = plan.perSecond === undefined ? performance.now() : startMs + (index * 1000) / plan.perSecond;
      const waitMs = intendedMs - performance.now();
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      const request = prepared[index % prepared.length];
      if (!request) break;
      try {
        const answer = await connection.ask(
          request.bytesFor(index, number, (plan.firstTurn ?? 0) + Math.floor(turn / prepared.length)),
        );
        bytes += answer.body.length;
        if (!request.isRight(answer)) fail(`${answer.status} ${answer.body.toString('utf8', 0, 400)}`);
      } catch (error) {
        fail(String(error));
        connection.close();
        connection = await HttpConnection.open(plan.url);
      }
      latencies[completed] = performance.now() - intendedMs;
      completed += 1;
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: plan.connections }, (_, number) => serve(number)));

  const wallMs = performance.now() - startMs;
  const used = process.cpuUsage(startCpu);
  const sorted = latencies.subarray(0, completed).sort();
  const at = (part: number) => sorted[Math.min(completed - 1, Math.floor(completed * part))] ?? 0;
  return {
    completed,
    errors,
    firstError,
    wallMs,
    cpuMs: (used.user + used.system) / 1000,
    bytes,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
  };
}

interface PreparedRequest {
  bytesFor(number: number, connection: number, turn: number): Buffer;
  isRight(answer: HttpAnswer): boolean;
}

function prepare(request: LoadRequest, url: string): PreparedRequest {
  const headers = { host: new URL(url).host, ...request.headers };
  const head = [
    `${request.method} ${request.path} HTTP/1.1`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ].join('\r\n');
  const whole = (body: string) =>
    Buffer.from(
      `${head}\r\n${request.method === 'POST' ? `content-length: ${Buffer.byteLength(body)}\r\n` : ''}\r\n${body}`,
    );
  const fixed = /\{\{[nct]\}\}/.test(request.body) ? null : whole(request.body);
  const expected = request.expected === undefined ? null : Buffer.from(request.expected);
  const { contains } = request;
  return {
    bytesFor: (number, connection, turn) =>
      fixed ??
      whole(
        request.body
          .replaceAll('{{n}}', String(number))
          .replaceAll('{{c}}', String(connection))
          .replaceAll('{{t}}', String(turn)),
      ),
    isRight: ({ status, body }) =>
      status === 200 &&
      (expected === null || body.equals(expected)) &&
      (contains === undefined || body.includes(contains)),
  };
}
