import type { ApiConnection } from './api-connection.js';

/** The color that a ConfigMap of the load has, as a watch of the benchmark's own sees it. */
export interface SettingsWatch {
  /** Resolves with when (performance.now()) the ConfigMap of `namespace` was first seen with `color`; null when it was not in time. */
  sees(namespace: string, color: string, patienceMs: number): Promise<number | null>;
  /** Of a ConfigMap that is there. */
  color(namespace: string): string | null;
  close(): void;
}

/** Resolves once what is there was seen. */
export async function watchSettings(look: ApiConnection, label: string): Promise<SettingsWatch> {
  const stopping = new AbortController();
  const colors = new Map<string, string>();
  const waiting = new Map<string, (atMs: number) => void>();
  const selector = `labelSelector=${encodeURIComponent(label)}`;
  const list = await look.get<{ metadata: { resourceVersion: string }; items: readonly Settings[] }>(
    `/api/v1/configmaps?${selector}`,
  );
  const take = (type: string, { metadata, data }: Settings) => {
    if (metadata.name !== 'settings') return;
    const { namespace } = metadata;
    if (type === 'DELETED') return colors.delete(namespace);
    const color = data?.color ?? '';
    colors.set(namespace, color);
    return waiting.get(`${namespace}/${color}`)?.(performance.now());
  };
  for (const item of list.items) take('ADDED', item);
  const query = `watch=1&${selector}&resourceVersion=${list.metadata.resourceVersion}`;
  void look.lines(
    `/api/v1/configmaps?${query}`,
    (line) => {
      const { type, object } = JSON.parse(line) as { type: string; object: Settings };
      take(type, object);
    },
    stopping.signal,
  );
  return {
    sees(namespace, color, patienceMs) {
      const { promise, resolve } = Promise.withResolvers<number | null>();
      const key = `${namespace}/${color}`;
      const timer = setTimeout(() => resolve(null), patienceMs);
      waiting.set(key, resolve);
      return promise.finally(() => {
        clearTimeout(timer);
        waiting.delete(key);
      });
    },
    color: (namespace) => colors.get(namespace) ?? null,
    close: () => stopping.abort(),
  };
}

interface Settings {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly data?: { readonly color?: string };
}
