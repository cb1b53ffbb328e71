import type { ClusterRight, KubernetesDriver } from '../../drivers/kubernetes/driver.js';
import type { RuntimeSpec } from '../cluster/clusters.js';

/** What the credential of a runtime may not do there, in words such as `list nodes`. */
export interface MissingRights {
  /** Without them nothing can be deployed, or the credential cannot be renewed. */
  readonly needed: readonly string[];
  /** Without them some apps cannot be deployed, or less is seen. */
  readonly useful: readonly string[];
}

export interface Rights {
  /**
   * What is missing. The cluster is asked at every `FULL_LOOKS`th look at a runtime, after every change of it, and while
   * anything is missing: one answer is eight requests, and seldom another one. Throws what the driver throws.
   */
  missing(
    runtime: { readonly id: string; readonly generation: number; readonly spec: RuntimeSpec },
    driver: KubernetesDriver,
    signal: AbortSignal,
  ): Promise<MissingRights>;
  /** The next look asks. */
  forget(runtimeId: string): void;
}

/** What it remembers may be lost at any time. */
export function createRights(): Rights {
  const complete = new Map<string, { readonly generation: number; looks: number }>();
  return {
    async missing({ id, generation, spec }, driver, signal) {
      const known = complete.get(id);
      if (known?.generation === generation && ++known.looks < FULL_LOOKS) return nothingMissing;
      complete.delete(id);
      const found = await findMissingRights(driver, spec, signal);
      if (found.needed.length + found.useful.length === 0) complete.set(id, { generation, looks: 0 });
      return found;
    },
    forget: (id) => void complete.delete(id),
  };
}

/** At a look every 30 s: every ten minutes. */
const FULL_LOOKS = 20;

const nothingMissing: MissingRights = { needed: [], useful: [] };

/** Asks the cluster. */
async function findMissingRights(
  driver: KubernetesDriver,
  spec: RuntimeSpec,
  signal: AbortSignal,
): Promise<MissingRights> {
  const own = ownRights(spec);
  const missing = await driver.missingRights([...own, ...onEveryKind, ...handingOut], signal);
  const missingOf = (rights: readonly ClusterRight[]) => missing.filter((right) => rights.includes(right));
  const general = missingOf(onEveryKind);
  // Whoever may do all that with every kind may do it with each.
  const single = general.length === 0 ? [] : await driver.missingRights([...basic, ...seeing], signal);
  return {
    needed: [...missingOf(own), ...single.filter((right) => basic.includes(right))].map(rightText),
    useful: [...single.filter((right) => seeing.includes(right)), ...general, ...missingOf(handingOut)].map(rightText),
  };
}

const verbs = ['get', 'list', 'watch', 'create', 'patch', 'delete'];

/** An app may hold objects of any kind. */
const onEveryKind: readonly ClusterRight[] = verbs.map((verb) => ({ verb, group: '*', resource: '*' }));

/** An app may bring roles with rights that we have not. */
const handingOut: readonly ClusterRight[] = ['escalate', 'bind'].map((verb) => ({
  verb,
  group: 'rbac.authorization.k8s.io',
  resource: 'clusterroles',
}));

/** Every app instance has a namespace, and its pods are looked at. */
const basic: readonly ClusterRight[] = [
  ...verbs.map((verb) => ({ verb, group: '', resource: 'namespaces' })),
  ...['list', 'watch'].map((verb) => ({ verb, group: '', resource: 'pods' })),
];

/** What people are shown beside their objects. */
const seeing: readonly ClusterRight[] = [
  { verb: 'list', group: '', resource: 'nodes' },
  { verb: 'watch', group: '', resource: 'events' },
  { verb: 'get', group: '', resource: 'pods', subresource: 'log' },
  { verb: 'watch', group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions' },
];

function ownRights({ cluster }: RuntimeSpec): readonly ClusterRight[] {
  if (!cluster?.serviceAccount) return [];
  const { namespace } = cluster.serviceAccount;
  return [{ verb: 'create', group: '', resource: 'serviceaccounts', subresource: 'token', namespace }];
}

function rightText({ verb, group, resource, subresource, namespace }: ClusterRight): string {
  const kind = resource === '*' ? 'every kind' : [resource, subresource].filter(Boolean).join('/');
  const of = group === '' || group === '*' ? '' : `.${group}`;
  return `${verb} ${kind}${of}${namespace === undefined ? '' : ` in ${namespace}`}`;
}
