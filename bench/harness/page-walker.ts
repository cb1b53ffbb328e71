import { createHash } from 'node:crypto';
import type { Contender, Sample } from '../case.js';
import { createCpuMeter } from './cpu-meter.js';
import { HttpConnection } from './http-connection.js';

export interface PageWalkerOptions {
  readonly name: string;
  readonly role: Contender['role'];
  readonly group?: string;
  readonly url: string;
  readonly token: string;
  readonly query: string;
  readonly variables: object;
  /** The field that is a connection with nodes and pageInfo { hasNextPage endCursor }. */
  readonly field: string;
  readonly pids: readonly number[];
  /** Of the walk that warms; the measured one goes to the end. */
  readonly warmPages: number;
  /** How often a measurement goes from the first page to the last. Default 1. */
  readonly walks?: number;
}

interface Connection {
  readonly nodes: readonly unknown[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** Walks a list from its first page to its last by cursor, over one connection. All items, in order, are the answer. */
export function pageWalker(options: PageWalkerOptions): Contender {
  const meter = createCpuMeter(() => options.pids);
  const walk = async (walks: number, mostPages = Number.POSITIVE_INFINITY) => {
    const connection = await HttpConnection.open(options.url);
    const hash = createHash('sha256');
    const pageMs: number[] = [];
    let bytes = 0;
    try {
      let after: string | null = null;
      for (let done = 0; done < walks && pageMs.length < mostPages; ) {
        const startMs = performance.now();
        const answer = await connection.ask(request(options, after));
        pageMs.push(performance.now() - startMs);
        bytes += answer.body.length;
        const page = read(answer.body.toString('utf8'), options.field);
        hash.update(JSON.stringify(page.nodes));
        after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
        if (after === null) done += 1;
      }
    } finally {
      connection.close();
    }
    return { pageMs, bytes, hash: hash.digest('hex') };
  };
  return {
    name: options.name,
    role: options.role,
    ...(options.group !== undefined && { group: options.group }),
    warm: async () => void (await walk(options.warmPages, options.warmPages)),
    async measure(): Promise<Sample> {
      const startCpuMs = meter.readMs();
      const startCpu = process.cpuUsage();
      const startMs = performance.now();
      const { pageMs, bytes, hash } = await walk(options.walks ?? 1);
      const wallMs = performance.now() - startMs;
      const used = process.cpuUsage(startCpu);
      const part = Math.max(1, Math.floor(pageMs.length / EDGE));
      return {
        operations: pageMs.length,
        wallMs,
        cpuMs: meter.readMs() - startCpuMs,
        loadCpuMs: (used.user + used.system) / 1000,
        errors: 0,
        answerHash: hash,
        figures: {
          pageKb: bytes / pageMs.length / 1000,
          deepestOverFirst: middle(pageMs.slice(-part)) / middle(pageMs.slice(0, part)),
        },
      };
    },
  };
}

/** The first and the last tenth of the pages are compared: single ones vary with whatever else the machine does. */
const EDGE = 10;

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function request({ url, token, query, variables }: PageWalkerOptions, after: string | null): Buffer {
  const body = JSON.stringify({ query, variables: { ...variables, after } });
  const head = [
    'POST /graphql HTTP/1.1',
    `host: ${new URL(url).host}`,
    'content-type: application/json',
    `authorization: Bearer ${token}`,
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function read(text: string, field: string): Connection {
  const answer = JSON.parse(text) as {
    readonly data?: Readonly<Record<string, Connection>>;
    readonly errors?: unknown;
  };
  const connection = answer.data?.[field];
  if (connection && !answer.errors) return connection;
  throw new Error(`it answers with no page: ${text.slice(0, 400)}`);
}
