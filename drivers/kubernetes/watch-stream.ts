import { createChannel } from '../../lib/channel.js';
import type { KubernetesObject, WatchEvent } from './driver.js';
import { GoneError } from './errors.js';
import { responseError } from './response-error.js';
import type { Transport } from './transport.js';

export interface WatchStreamOptions {
  readonly transport: Transport;
  /** What is done and where, for errors. */
  readonly doing: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly accept?: string;
  /** What to make of each object; left as it is without it. */
  readonly toObject?: (object: KubernetesObject) => KubernetesObject;
  readonly signal: AbortSignal;
}

/** Opens one watch request per reader. It is detached at once when the reader leaves or `signal` aborts. */
export function openWatch(options: WatchStreamOptions): AsyncIterable<WatchEvent> {
  return {
    [Symbol.asyncIterator]() {
      const left = new AbortController();
      const channel = createChannel<WatchEvent>({
        limit: MOST_WAITING,
        onClose: () => left.abort(),
        onOverflow: () =>
          channel.end(new GoneError(`${options.doing}: more than ${MOST_WAITING} changes wait to be read.`, 410)),
      });
      const signal = AbortSignal.any([options.signal, left.signal]);
      options.signal.addEventListener('abort', () => channel.end(), { once: true, signal: left.signal });
      options.transport
        .stream(
          {
            method: 'GET',
            path: options.path,
            query: { ...options.query, watch: 'true', allowWatchBookmarks: 'true', timeoutSeconds: TIMEOUT_SECONDS },
            ...(options.accept === undefined ? {} : { accept: options.accept }),
            signal,
          },
          (line) => {
            const event = toEvent(line as Line, options);
            if (event) channel.push(event);
          },
        )
        .then((refused) => channel.end(refused ? responseError(options.doing, refused) : undefined))
        .catch((error: unknown) => channel.end(signal.aborted ? undefined : error));
      if (options.signal.aborted) channel.end();
      return channel;
    },
  };
}

/** The server ends a watch after this, so that a half-dead connection is replaced now and then. */
const TIMEOUT_SECONDS = '300';

/** A reader that falls this far behind lists again. */
const MOST_WAITING = 10_000;

interface Line {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: KubernetesObject & { readonly code?: number };
}

function toEvent(line: Line, { doing, toObject = (object) => object }: WatchStreamOptions): WatchEvent | null {
  switch (line.type) {
    case 'ADDED':
      return { type: 'added', object: toObject(line.object) };
    case 'MODIFIED':
      return { type: 'modified', object: toObject(line.object) };
    case 'DELETED':
      return { type: 'deleted', object: toObject(line.object) };
    case 'BOOKMARK':
      return { type: 'bookmark', resourceVersion: line.object.metadata.resourceVersion ?? '' };
    case 'ERROR':
      throw responseError(doing, { status: line.object.code ?? 500, retryAfterMs: null, body: line.object });
    default:
      // A kind of event that this version does not know changes nothing that it holds.
      return null;
  }
}
