import { canonicalJson, type Json } from '../../lib/canonical.js';
import { hashJson } from '../../lib/node/hash.js';
import { namespaceOf } from '../../model/expand/namespace.js';
import type { ApiConnection } from './api-connection.js';
import type { DeployedInstance } from './rec-world.js';

/** An object, as far as it is compared. */
export interface SeenObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: { readonly selector?: Json; readonly ports?: Json };
}

/** Where the objects of an instance are listed. */
export const loadPaths = ['namespaces', 'configmaps', 'serviceaccounts', 'services'] as const;

/** All objects that carry `label`, whatever its value. */
export async function readCluster(look: ApiConnection, label: string): Promise<readonly SeenObject[]> {
  const lists = await Promise.all(
    loadPaths.map(async (path) => {
      const { items, kind } = await look.get<{ kind: string; items: readonly Omit<SeenObject, 'kind'>[] }>(
        `/api/v1/${path}?labelSelector=${encodeURIComponent(label)}`,
      );
      return items.map((item) => ({ ...item, kind: kind.replace(/List$/, '') }));
    }),
  );
  return lists.flat();
}

/** In what the cluster is not as wanted, a sentence each: what is missing, too much, or different. */
export function differences(instances: readonly DeployedInstance[], seen: readonly SeenObject[]): readonly string[] {
  const found: string[] = [];
  const wanted = new Set(instances.flatMap((instance) => titlesOf(instance)));
  const there = new Map<string, number>();
  for (const object of seen) {
    const title = titleOf(object);
    there.set(title, (there.get(title) ?? 0) + 1);
    if (!wanted.has(title)) found.push(`${title} is in the cluster, and nobody wants it.`);
  }
  for (const title of wanted)
    if (there.get(title) !== 1) found.push(`${title} is in the cluster ${there.get(title) ?? 0} times.`);
  return found;
}

/** Of what the objects say, without what names and ids of a run make of them: the same for all who wrote the same. */
export function hashOfState(seen: readonly SeenObject[]): string {
  const names = [...new Set(seen.map(instanceOf))].sort();
  const numbers = new Map(names.map((name, index) => [name, index]));
  const rows = seen.map((object) => {
    const { kind, metadata, data = {}, spec } = object;
    const instance = numbers.get(instanceOf(object)) ?? 0;
    const name = kind === 'Namespace' ? '' : metadata.name;
    const ports = Array.isArray(spec?.ports) ? spec.ports.length : 0;
    return canonicalJson({ instance, kind, name, data, ports, selector: spec?.selector ?? null });
  });
  return hashJson(rows.sort());
}

/** The name of the app instance that it says it belongs to. */
export function instanceOf({ metadata }: SeenObject): string {
  return metadata.labels?.['app.kubernetes.io/instance'] ?? '';
}

function titlesOf(instance: DeployedInstance): readonly string[] {
  const namespace = namespaceOf(instance);
  return [
    `Namespace/${namespace}`,
    `ConfigMap/${namespace}/settings`,
    `ServiceAccount/${namespace}/web`,
    `Service/${namespace}/web`,
  ];
}

function titleOf({ kind, metadata: { namespace, name } }: SeenObject): string {
  return namespace === undefined ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;
}
