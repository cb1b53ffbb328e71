import { type Clock, sleep } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { Random } from '../../lib/random.js';
import type { KubernetesDriver, KubernetesObject, ObjectKey, ResourceType, WatchEvent } from './driver.js';
import { ConnectionCutError, GoneError, ThrottledError, UnreachableError } from './errors.js';
import { createPackedObjects } from './packed-objects.js';

/**
 * What a cluster has of one type and label selector, kept up to date by one list and one watch.
 *
 * LISTING reads all pages, tells what changed since the last list, and goes on to WATCHING from its version. A watch that
 * ends or is cut is opened again from the last version seen; one whose version is too old goes back to LISTING at once; any
 * other failure goes back to LISTING after a backoff with jitter. That goes on until close().
 *
 * A failed read is not an empty one: objects stay while reads fail, and `isFresh` says that they may be out of date.
 */
export interface Reflector {
  /** A new one each time: what is held is packed. */
  get(key: { readonly namespace: string | null; readonly name: string }): KubernetesObject | null;
  /** All of them: costs time for each. */
  list(): readonly KubernetesObject[];
  /** How far it has come: the newest version that it was told of; '' before the first list. */
  readonly version: string;
  /** True from the end of the first list. */
  readonly isSynced: boolean;
  /** True while list and watch work. */
  readonly isFresh: boolean;
  /** Since when reads fail, in milliseconds since the epoch. Null while they do not. */
  readonly failingSinceMs: number | null;
  /** Ends the wait after a failure, because there is reason to think that reading works again. Does nothing while it works. */
  retry(): void;
  /** Ends the watch at once. No callback runs after this returned. */
  close(): Promise<void>;
}

export interface ReflectorChange {
  readonly key: ObjectKey;
  /** `namespace/name`, as it is held here: who keeps it keeps no text of its own. */
  readonly place: string;
  /** As it is, or as it last was when it was deleted. */
  readonly object: KubernetesObject;
  readonly deleted: boolean;
}

export interface ReflectorOptions {
  readonly driver: KubernetesDriver;
  readonly type: ResourceType;
  /** As in ListOptions. */
  readonly selector: string;
  /** Holds nothing of the objects but their metadata. */
  readonly metadataOnly?: boolean;
  /** What is held of an object, which must say name, uid and version. Default: all of it. Changes are told of whole. */
  keep?(object: KubernetesObject): KubernetesObject;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: Random;
  onChange?(change: ReflectorChange): void;
  /** After every complete list: the first, and each that followed a failure. */
  onSynced?(): void;
  /** Once per failed read; the reflector goes on by itself. */
  onFailure?(error: unknown): void;
}

/** Starts at once. */
export function createReflector(options: ReflectorOptions): Reflector {
  const { driver, type, selector, metadataOnly = false, clock, random, log } = options;
  const keep = options.keep ?? ((object) => object);
  const closed = new AbortController();
  const signal = closed.signal;
  const objects = createPackedObjects();
  let isSynced = false;
  let failingSinceMs: number | null = null;
  let failures = 0;
  let endWait = () => {};
  let version = '';

  const tell = (object: KubernetesObject, place: string, deleted: boolean) => {
    if (!signal.aborted) options.onChange?.({ key: keyOf(type, object), place, object, deleted });
  };

  /** Takes and tells page by page, so that a whole kind is never in memory. What went is known once all pages are read. */
  const list = async (): Promise<string> => {
    let unseen = new Set<string>();
    let listed = '';
    for await (const page of driver.pages(type, { selector, metadataOnly, signal })) {
      if (page.isFirst) unseen = new Set(objects.names());
      listed = page.resourceVersion;
      for (const object of page.objects) {
        const place = nameOf(object);
        unseen.delete(place);
        if (objects.isSame(place, object)) continue;
        objects.set(place, keep(object));
        tell(object, place, false);
      }
    }
    for (const place of unseen) {
      const gone = objects.get(place);
      objects.delete(place);
      if (gone) tell(gone, place, true);
    }
    isSynced = true;
    version = listed;
    failingSinceMs = null;
    if (!signal.aborted) options.onSynced?.();
    return listed;
  };

  const take = (event: WatchEvent): string => {
    failures = 0;
    if (event.type === 'bookmark') {
      version = event.resourceVersion;
      return version;
    }
    const { object } = event;
    version = object.metadata.resourceVersion ?? version;
    const place = nameOf(object);
    if (event.type === 'deleted') objects.delete(place);
    if (event.type !== 'deleted') objects.set(place, keep(object));
    tell(object, place, event.type === 'deleted');
    return object.metadata.resourceVersion ?? '';
  };

  const watch = async (from: string): Promise<void> => {
    let tooShort = 0;
    for (let resourceVersion = from; !signal.aborted; ) {
      const startedMs = clock.now();
      let cut: unknown = null;
      try {
        for await (const event of driver.watch(type, { selector, resourceVersion, metadataOnly, signal })) {
          resourceVersion = take(event) || resourceVersion;
        }
      } catch (error) {
        if (!(error instanceof ConnectionCutError)) throw error;
        cut = error;
      }
      // A server that ends every watch at once must not be asked in a tight loop, nor be taken for one that tells all.
      const livedMs = clock.now() - startedMs;
      tooShort = livedMs < TOO_SHORT_MS ? tooShort + 1 : 0;
      if (tooShort > MOST_TOO_SHORT) throw cut ?? new UnreachableError(`Every watch of ${type.plural} ends at once.`);
      if (livedMs < SHORT_WATCH_MS) await sleep(clock, random.below(SHORT_WATCH_MS), signal);
    }
  };

  const run = async () => {
    while (!signal.aborted) {
      const startedMs = clock.now();
      try {
        await watch(await list());
      } catch (error) {
        if (signal.aborted) return;
        // What worked for a while and then failed begins with the shortest wait.
        if (clock.now() - startedMs > LONGEST_BACKOFF_MS) failures = 0;
        if (error instanceof GoneError && failures === 0) {
          failures = 1;
          continue;
        }
        failingSinceMs ??= clock.now();
        log.debug('reading from the cluster failed', { kind: type.kind, failures, error: String(error) });
        options.onFailure?.(error);
        const ceilingMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(failures++, 16));
        const askedMs = error instanceof ThrottledError ? error.retryAfterMs : 0;
        const waited = new AbortController();
        endWait = () => waited.abort();
        const waitMs = Math.max(askedMs, ceilingMs / 2) + random.below(ceilingMs / 2);
        await sleep(clock, waitMs, AbortSignal.any([signal, waited.signal]));
      }
    }
  };
  const running = supervise(run, options, signal);

  return {
    get: ({ namespace, name }) => objects.get(`${namespace ?? ''}/${name}`),
    list: () => [...objects.names()].flatMap((name) => objects.get(name) ?? []),
    get version() {
      return version;
    },
    get isSynced() {
      return isSynced;
    },
    get isFresh() {
      return isSynced && failingSinceMs === null;
    },
    get failingSinceMs() {
      return failingSinceMs;
    },
    retry: () => endWait(),
    async close() {
      closed.abort();
      await running;
    },
  };
}

const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 30_000;

/** A watch that lives shorter than this is a sign of trouble. */
const SHORT_WATCH_MS = 1000;
/** After so many in a row that live shorter than this, what changes is found by lists alone. */
const MOST_TOO_SHORT = 5;
const TOO_SHORT_MS = 250;

/** A callback that throws must not end the reading: it is logged, and the loop begins again. */
async function supervise(run: () => Promise<void>, options: ReflectorOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await run();
    } catch (error) {
      options.log.error('a reflector stopped and begins again', { kind: options.type.kind, error: String(error) });
      await sleep(options.clock, FIRST_BACKOFF_MS, signal);
    }
  }
}

/** By join: what a template puts together holds its parts as well, and this is kept for every object. */
function nameOf(object: KubernetesObject): string {
  return [object.metadata.namespace ?? '', object.metadata.name].join('/');
}

function keyOf(type: ResourceType, object: KubernetesObject): ObjectKey {
  const { name, namespace = null } = object.metadata;
  return { apiVersion: type.apiVersion, kind: type.kind, namespace, name };
}
