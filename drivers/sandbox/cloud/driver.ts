import type { Clock } from '../../../lib/clock.js';
import type { CloudDriver, CloudQuery, CloudResource } from '../../cloud/driver.js';
import { UnreachableError } from '../../cloud/errors.js';
import { UnreachableError as NoAnswerError } from '../../kubernetes/errors.js';
import { createHttpTransport } from '../../kubernetes/http-transport.js';
import type { SandboxWorld } from '../world.js';
import { type CloudAnswers, type CloudCall, type CloudReply, isRead } from './cloud-call.js';
import { defaultCloudDelays } from './cloud-delays.js';
import { type CloudScope, cloudScopeToken } from './cloud-scope.js';
import type { CloudCredentials } from './credentials.js';
import { refusalError } from './refusal-error.js';

export interface SandboxCloudDriverOptions {
  /** Of the sandbox process, as startSandbox returns it. */
  readonly socketPath: string;
  /** Of the account: any. It is there when it is first asked for. Credentials that name one of their own lead to that. */
  readonly account: string;
  /** `sandbox` when left out. */
  readonly region?: string;
  readonly credentials: CloudCredentials;
  readonly clock: Clock;
  /** How long one answer may take, in milliseconds. 30 seconds when left out. */
  readonly requestTimeoutMs?: number;
}

/** The driver of an account of the cloud in the sandbox process. */
export function createSandboxCloudDriver(options: SandboxCloudDriverOptions): CloudDriver {
  const { account, region = DEFAULT_REGION, credentials } = options;
  const token = cloudScopeToken({ account, region, credentials });
  const transport = createHttpTransport(
    { server: 'http://sandbox', token },
    { ...options, displayHost: `sandbox/${account}` },
  );
  const send = async (call: CloudCall, signal: AbortSignal): Promise<CloudReply> => {
    const request = isRead(call)
      ? { method: 'GET' as const, path: '/cloud', query: { call: JSON.stringify(call) }, signal }
      : { method: 'POST' as const, path: '/cloud', body: call, signal };
    try {
      return (await transport.request(request)).body as CloudReply;
    } catch (cause) {
      if (cause instanceof NoAnswerError) throw new UnreachableError(reworded(cause.message), { cause: cause.cause });
      throw cause;
    }
  };
  return createDriver(send, SOCKET_ARRIVAL_MS, () => transport.close());
}

/** The driver of an account of the cloud in a world of this process, for simulations and tests. */
export function createInMemoryCloudDriver(
  world: SandboxWorld,
  scope: Pick<CloudScope, 'account' | 'credentials'> & { readonly region?: string },
): CloudDriver {
  const closed = new AbortController();
  const send = async (call: CloudCall, signal: AbortSignal): Promise<CloudReply> => {
    const request = { region: DEFAULT_REGION, ...scope, call: JSON.parse(JSON.stringify(call)) as CloudCall };
    const reply = await world.cloud.request(request, AbortSignal.any([signal, closed.signal]));
    return JSON.parse(JSON.stringify(reply)) as CloudReply;
  };
  return createDriver(send, 0, async () => closed.abort());
}

const DEFAULT_REGION = 'sandbox';
/** Nothing is between the two ends of a socket of this machine but how busy it is. */
const SOCKET_ARRIVAL_MS = 10_000;

/** They go along in the address of a request, which may be some thousand characters long. */
const NAMES_PER_REQUEST = 100;

function createDriver(
  send: (call: CloudCall, signal: AbortSignal) => Promise<CloudReply>,
  arrivalMs: number,
  close: () => Promise<void>,
): CloudDriver {
  const ask = async <Call extends CloudCall>(call: Call, signal: AbortSignal): Promise<CloudAnswers[Call['verb']]> => {
    const reply = await send(call, signal);
    if ('refusal' in reply) throw refusalError(call, reply.refusal);
    return reply.value as CloudAnswers[Call['verb']];
  };
  const listAll = async (query: CloudQuery, signal: AbortSignal): Promise<readonly CloudResource[]> => {
    const resources: CloudResource[] = [];
    for (let after: string | null = null; ; ) {
      const page: CloudAnswers['list'] = await ask({ verb: 'list', query, after }, signal);
      resources.push(...page.resources);
      after = page.after;
      if (after === null) return resources;
    }
  };
  return {
    consistencyMs: defaultCloudDelays.consistencyMs,
    arrivalMs,
    identify: (signal) => ask({ verb: 'identify' }, signal),
    missingActions: (actions, signal) => ask({ verb: 'missingActions', actions }, signal),
    describe: (key, signal) => ask({ verb: 'describe', key }, signal),
    async list(query, signal) {
      const { names } = query;
      if (names === undefined) return listAll(query, signal);
      const found: CloudResource[] = [];
      for (let from = 0; from < names.length; from += NAMES_PER_REQUEST) {
        const some = { ...query, names: names.slice(from, from + NAMES_PER_REQUEST) };
        found.push(...(await listAll(some, signal)));
      }
      return found;
    },
    async create(key, wish, signal) {
      await ask({ verb: 'create', key, wish }, signal);
    },
    async update(key, { properties, tags }, signal) {
      await ask({ verb: 'update', key, wish: { properties, tags } }, signal);
    },
    delete: (key, id, signal) => ask({ verb: 'delete', key, id }, signal),
    async empty(key, signal) {
      await ask({ verb: 'empty', key }, signal);
    },
    close,
  };
}

/** The transport speaks of what it usually reaches. */
function reworded(message: string): string {
  return message.replace('the API server at', 'the cloud at');
}
