import type { Clock } from '../../lib/clock.js';
import type { KubernetesObject } from '../kubernetes/driver.js';
import { ApiError, toStatus } from './api-error.js';
import type { ClusterStore, StoreChange } from './cluster-store.js';
import { selection } from './list-page.js';
import { objectView } from './object-view.js';
import type { SandboxType } from './type-table.js';

export interface WatchRequest {
  readonly type: SandboxType;
  readonly namespace: string | null;
  readonly query: Readonly<Record<string, string>>;
  readonly accept: string | undefined;
  readonly signal: AbortSignal;
  /** The version it goes on from counts as one that is no longer kept. */
  readonly isGone: boolean;
  /** Cuts the watch with an error after a while. */
  readonly cut: { readonly afterMs: number; readonly error: Error } | null;
  onLine(line: unknown): void;
}

/** The open watches of one cluster. */
export interface Watchers {
  /** Resolves when the watch ends by itself; rejects when it is cut or `signal` aborts. */
  watch(request: WatchRequest): Promise<void>;
  /** Cuts all of them with `error`, as when the API server goes away. */
  cutAll(error: unknown): void;
  readonly size: number;
  close(): void;
}

export function createWatchers(store: ClusterStore, clock: Clock): Watchers {
  const open = new Set<{ take(change: StoreChange): void; end(error?: unknown): void; bookmark(): void }>();
  store.onChange((change) => {
    for (const watcher of open) watcher.take(change);
  });
  let cancelBookmarks: (() => void) | null = null;
  const bookmark = () => {
    for (const watcher of open) watcher.bookmark();
    cancelBookmarks = open.size > 0 ? clock.after(BOOKMARK_MS, bookmark) : null;
  };

  return {
    watch(request) {
      const { type, query, signal, onLine } = request;
      const isSelected = selection(query);
      const view = objectView(type, request.accept, false);
      const isWatched = (object: KubernetesObject | null) =>
        object !== null &&
        (request.namespace === null || object.metadata.namespace === request.namespace) &&
        isSelected(object);
      const take = (change: StoreChange) => {
        if (change.typeId !== type.id) return;
        const event = eventOf(isWatched(change.before), isWatched(change.after));
        if (event) onLine({ type: event, object: view.show(change.object) });
      };
      // Who names no version is told first what is there.
      const isAnew = (query.resourceVersion ?? '0') === '0' || query.resourceVersion === '';
      if (isAnew) {
        const present = store.list(type.id, request.namespace).filter(isSelected);
        for (const object of present) onLine({ type: 'ADDED', object: view.show(object) });
      }
      const missed = request.isGone
        ? null
        : store.history.since(isAnew ? store.version : Number(query.resourceVersion));
      if (missed === null) {
        const message = `too old resource version: ${query.resourceVersion} (${store.version})`;
        onLine({ type: 'ERROR', object: toStatus(new ApiError(410, 'Expired', message)) });
        return Promise.resolve();
      }
      for (const change of missed) take(change);

      return new Promise((resolve, reject) => {
        const watcher = {
          take,
          end(error?: unknown) {
            open.delete(watcher);
            stopTimer();
            stopCut?.();
            signal.removeEventListener('abort', abort);
            if (error === undefined) resolve();
            else reject(error);
          },
          bookmark() {
            const metadata = { resourceVersion: String(store.version) };
            const { apiVersion, kind } = view.show({
              apiVersion: type.apiVersion,
              kind: type.kind,
              metadata: { name: '' },
            });
            onLine({ type: 'BOOKMARK', object: { apiVersion, kind, metadata } });
          },
        };
        const abort = () => watcher.end(signal.reason);
        const stopTimer = clock.after(Number(query.timeoutSeconds ?? 1800) * 1000, () => watcher.end());
        const { cut } = request;
        const stopCut = cut && clock.after(cut.afterMs, () => watcher.end(cut.error));
        open.add(watcher);
        if (query.allowWatchBookmarks === 'true') cancelBookmarks ??= clock.after(BOOKMARK_MS, bookmark);
        signal.addEventListener('abort', abort, { once: true });
        if (signal.aborted) abort();
      });
    },
    cutAll(error) {
      for (const watcher of [...open]) watcher.end(error);
    },
    get size() {
      return open.size;
    },
    close() {
      cancelBookmarks?.();
      for (const watcher of [...open]) watcher.end();
    },
  };
}

/** API servers send one about once a minute. */
const BOOKMARK_MS = 20_000;

/** A change of labels lets an object appear to a watch, or go from it. */
function eventOf(wasWatched: boolean, isWatched: boolean): 'ADDED' | 'MODIFIED' | 'DELETED' | null {
  if (isWatched) return wasWatched ? 'MODIFIED' : 'ADDED';
  return wasWatched ? 'DELETED' : null;
}
