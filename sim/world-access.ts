import type { SandboxAccess } from '../controllers/sandbox-access.js';
import type { CloudDriver } from '../drivers/cloud/driver.js';
import { UnreachableError as CloudUnreachableError } from '../drivers/cloud/errors.js';
import { ConnectionCutError, UnreachableError } from '../drivers/kubernetes/errors.js';
import type { ApiRequest, ApiResponse, Transport } from '../drivers/kubernetes/transport.js';
import { createInMemoryCloudDriver } from '../drivers/sandbox/cloud/driver.js';
import { createMemoryTransport } from '../drivers/sandbox/memory-transport.js';
import type { SandboxWorld } from '../drivers/sandbox/world.js';
import type { Network } from './network.js';
import type { SimProcess } from './process.js';

export interface WorldAccessOptions {
  readonly world: SandboxWorld;
  readonly process: SimProcess;
  readonly network: Network;
  /** What happens outside of all processes: a message on its way. */
  readonly wire: SimProcess;
  /** Told of each write that arrives. */
  readonly onWrite: (what: string) => void;
}

/**
 * How one process reaches clusters and clouds: over the simulated network, by messages of which each may be late, or lost
 * before or after the other side did what was asked. What it asked for goes on when it dies; it hears nothing of it.
 */
export function createWorldAccess({ world, process, network, wire, onWrite }: WorldAccessOptions): SandboxAccess {
  return {
    openTransport(cluster) {
      const inner = createMemoryTransport(world, cluster);
      const place = `cluster ${cluster}`;
      const travel = createTravel(place, { process, network, wire }, (why) => noAnswer(inner, why));
      return transportOver(inner, {
        travel,
        process,
        network,
        onWrite,
        isCut: () => network.isCut(process.name, place),
      });
    },
    openCloud(scope) {
      const inner = createInMemoryCloudDriver(world, scope);
      const fail = (why: string) => new CloudUnreachableError(`Cannot reach the cloud ${scope.account}: ${why}.`);
      return cloudOver(inner, createTravel(`cloud ${scope.account}`, { process, network, wire }, fail), onWrite);
    },
  };
}

function noAnswer({ host }: Transport, why: string): UnreachableError {
  return new UnreachableError(`Cannot reach the API server at ${host}: ${why}.`);
}

/** One call there and back. */
type Travel = <Answer>(what: string, signal: AbortSignal, call: () => Promise<Answer>) => Promise<Answer>;

function createTravel(
  place: string,
  { process, network, wire }: Omit<WorldAccessOptions, 'world' | 'onWrite'>,
  fail: (why: string) => Error,
): Travel {
  return <Answer>(what: string, signal: AbortSignal, call: () => Promise<Answer>) =>
    new Promise<Answer>((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      let cancelLimit = () => {};
      const end = (settle: () => void) => {
        signal.removeEventListener('abort', leave);
        cancelLimit();
        settle();
      };
      const leave = () => end(() => reject(signal.reason));
      signal.addEventListener('abort', leave, { once: true });
      const broken = (why: string) =>
        process.after(network.delayMs(), `${place}: ${what}: ${why}`, () => end(() => reject(fail(why))));
      cancelLimit = process.after(REQUEST_MS, `${place}: ${what}: no answer`, () =>
        end(() => reject(fail('there was no answer in time'))),
      );
      if (network.isCut(process.name, place)) return;
      if (network.isLost(process.name, place)) return void broken('the request was lost');
      wire.after(network.delayMs(), `${process.name} -> ${place}: ${what}`, () => {
        const back = (settle: () => void) => {
          if (network.isCut(process.name, place)) return;
          if (network.isLost(place, process.name)) return void broken('the answer was lost');
          process.after(network.delayMs(), `${place}: ${what}: answer`, () => end(settle));
        };
        call().then(
          (answer) => back(() => resolve(answer)),
          (error: unknown) => back(() => reject(error)),
        );
      });
    });
}

interface Way {
  readonly travel: Travel;
  readonly process: SimProcess;
  readonly network: Network;
  readonly onWrite: (what: string) => void;
  readonly isCut: () => boolean;
}

function transportOver(inner: Transport, { travel, process, network, onWrite, isCut }: Way): Transport {
  const delayMs = () => network.delayMs();
  /**
   * A stream, line by line in order. It breaks when a line meets a partition, and when its reader throws; it is silent
   * when its process is dead.
   */
  const stream = (request: ApiRequest, onLine: (line: unknown) => void): Promise<ApiResponse | null> =>
    new Promise((resolve, reject) => {
      const what = `watch ${request.path}`;
      const leaving = new AbortController();
      let lastMs = 0;
      let isOver = false;
      const arrive = (run: () => void) => {
        const now = process.clock.monotonicMs();
        lastMs = Math.max(lastMs + ORDER_MS, now + (isOver ? 0 : delayMs()));
        process.after(lastMs - now, what, run);
      };
      const end = (settle: () => void) => {
        if (isOver) return;
        isOver = true;
        leaving.abort(new Error('The stream is over'));
        settle();
      };
      const tell = (line: unknown) =>
        arrive(() => {
          if (isOver || request.signal.aborted) return;
          if (isCut()) {
            const cut = new ConnectionCutError(`The connection to ${inner.host} was cut.`);
            return end(() => reject(cut));
          }
          try {
            onLine(line);
          } catch (error) {
            end(() => reject(error));
          }
        });
      request.signal.addEventListener('abort', () => arrive(() => end(() => reject(request.signal.reason))), {
        once: true,
      });
      const signal = AbortSignal.any([leaving.signal, request.signal, process.died]);
      travel(what, request.signal, () => Promise.resolve()).then(
        () =>
          inner.stream({ ...request, signal }, tell).then(
            (answer) => arrive(() => end(() => resolve(answer))),
            (error: unknown) => arrive(() => end(() => reject(error))),
          ),
        (error: unknown) => end(() => reject(error)),
      );
    });
  return {
    host: inner.host,
    request(request) {
      // The other side is not told that somebody does not wait any more.
      const sent = { ...request, signal: new AbortController().signal };
      const what = `${request.method} ${request.path}`;
      return travel(what, request.signal, () => {
        if (isWrite(request)) onWrite(what);
        return inner.request(sent);
      });
    },
    stream,
    lines: (request, onLines) => inner.lines(request, onLines),
    close: () => inner.close(),
  };
}

function cloudOver(inner: CloudDriver, travel: Travel, onWrite: (what: string) => void): CloudDriver {
  const unheard = new AbortController().signal;
  const titled = (verb: string, { type, name }: { readonly type?: string; readonly name?: string } = {}) =>
    `${verb} ${type ?? ''} ${name ?? ''}`.trim();
  const write = <Answer>(what: string, signal: AbortSignal, call: () => Promise<Answer>) =>
    travel(what, signal, () => {
      onWrite(what);
      return call();
    });
  return {
    consistencyMs: inner.consistencyMs,
    // Messages may take longer than anybody waits for them.
    arrivalMs: 2 * REQUEST_MS,
    identify: (signal) => travel('identify', signal, () => inner.identify(unheard)),
    missingActions: (actions, signal) => travel('missingActions', signal, () => inner.missingActions(actions, unheard)),
    describe: (key, signal) => travel(titled('describe', key), signal, () => inner.describe(key, unheard)),
    list: (query, signal) => travel('list', signal, () => inner.list(query, unheard)),
    create: (key, wish, signal) => write(titled('create', key), signal, () => inner.create(key, wish, unheard)),
    update: (key, wish, signal) => write(titled('update', key), signal, () => inner.update(key, wish, unheard)),
    delete: (key, id, signal) => write(titled('delete', key), signal, () => inner.delete(key, id, unheard)),
    empty: (key, signal) => write(titled('empty', key), signal, () => inner.empty(key, unheard)),
    close: () => inner.close(),
  };
}

/** As the drivers that go over a network wait. */
const REQUEST_MS = 30_000;
/** Between two lines of a stream, at least. */
const ORDER_MS = 0.001;

/** Reviews of rights are asked by POST, and write nothing. */
function isWrite({ method, path, query }: ApiRequest): boolean {
  return method !== 'GET' && query?.dryRun === undefined && !path.includes('accessreviews') && !path.endsWith('/token');
}
