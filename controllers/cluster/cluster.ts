import { splitApiVersion } from '../../drivers/kubernetes/api-version.js';
import type { KubernetesDriver, KubernetesObject, ObjectKey, ResourceType } from '../../drivers/kubernetes/driver.js';
import { UnreachableError } from '../../drivers/kubernetes/errors.js';
import type { ObjectWarning, WarnedObject } from '../../drivers/kubernetes/health/related-objects.js';
import type { Reflector } from '../../drivers/kubernetes/reflector.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { Random } from '../../lib/random.js';
import type { EventReport } from '../../sdk/resource.js';
import { createClusterEvents, type OwnedObjects } from './cluster-events.js';
import { createClusterView, type ClusterView as KeptView } from './cluster-view.js';
import { type DefinitionChange, watchDefinitions } from './definition-watch.js';
import { createKindNeeds, type NeededKind } from './kind-needs.js';
import { createMarkIndex } from './mark-index.js';
import { createPodIndex } from './pod-index.js';

/**
 * One cluster as controllers use it: its driver, and a view of our objects for each type, kept up to date by one
 * list and one watch, whatever the number of workloads. A view is opened on first use, and closed a while after the last
 * workload that needed it left.
 */
export interface Cluster {
  readonly driver: KubernetesDriver;
  /**
   * The view of a type, complete and up to date. Waits for its first list. Throws what reading failed with while it
   * is not up to date: a failed read is not an empty one.
   */
  view(type: ResourceType, signal: AbortSignal): Promise<ClusterView>;
  /** The pods that carry the label of an app instance. Waits and throws as `view` does. */
  pods(instanceId: string, signal: AbortSignal): Promise<readonly KubernetesObject[]>;
  /** Names of objects that say they belong to a workload, of the kinds that are looked at. Does not wait: it is what is known. */
  marked(workloadId: string): readonly ObjectKey[];
  /** An object as it is known, or null. Does not wait either. */
  peek(key: ObjectKey): KubernetesObject | null;
  /** A Job of ours that completed and is gone, as it last was; null when it was not seen to go lately. */
  completedJob(namespace: string, name: string): KubernetesObject | null;
  /** The kinds, served or not, that a workload looks at from now on, in the place of those that it said before. None: it left. */
  need(workloadId: string, kinds: readonly NeededKind[]): void;
  /** The objects that a workload owns from now on: what the cluster tells of them is recorded with it. */
  own(workloadId: string, objects: OwnedObjects): void;
  /** What the cluster last told of an object, in a namespace where a workload owns something. */
  warningsOf(about: WarnedObject): readonly ObjectWarning[];
  /** Has views that cannot be read try again now: the cluster answers. */
  retry(): void;
  /** Ends views and driver. */
  close(): Promise<void>;
}

export type ClusterView = Pick<Reflector, 'get' | 'list' | 'version'>;

export interface ClusterOptions {
  readonly driver: KubernetesDriver;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: Random;
  /** An object of ours came, changed or went. */
  onChange(object: KubernetesObject, isDeleted: boolean): void;
  /** What this workload needs can be seen again, cannot be seen, or is another kind of thing than before. */
  onLookAgain(workloadId: string): void;
  /** Records what the cluster told with a workload. Rejects when it could not; idempotent. */
  recordEvents(workloadId: string, events: readonly EventReport[]): Promise<void>;
}

/** Opens nothing by itself. */
export function createCluster(options: ClusterOptions): Cluster {
  const { driver, clock } = options;
  const views = new Map<string, KeptView>();
  const needs = createKindNeeds();
  /** By kind that nobody needed last: forgets that its view is to be closed. */
  const leaving = new Map<string, () => void>();
  const pods = createPodIndex();
  const marks = createMarkIndex();
  const peek = ({ apiVersion, kind, namespace, name }: ObjectKey) =>
    views.get(keyOf({ apiVersion, kind }))?.reflector.get({ namespace, name }) ?? null;
  const events = createClusterEvents({
    ...options,
    peek: ({ namespace, ...place }) => peek({ ...place, namespace: namespace || null }),
    record: options.recordEvents,
    onWarning: options.onLookAgain,
  });
  let definitions: Pick<Reflector, 'retry' | 'close'> | null = null;
  let isClosed = false;

  const lookAgain = (workloadIds: Iterable<string>) => {
    for (const id of [...workloadIds]) options.onLookAgain(id);
  };
  const isWhole = (workloadId: string) => [...needs.of(workloadId).keys()].every((key) => !isFailing(key));
  const isFailing = (key: string) => views.get(key)?.isFailing ?? false;

  const open = (type: ResourceType): KeptView => {
    const key = keyOf(type);
    const known = views.get(key);
    if (known) return known;
    const view = createClusterView({
      ...options,
      type,
      onChange(change) {
        if (key === podKey) pods.take(change);
        marks.take(change);
        options.onChange(change.object, change.deleted);
      },
      onFailing: () => lookAgain(needs.users(key)),
      onRecovered: () => lookAgain(needs.users(key).filter(isWhole)),
    });
    views.set(key, view);
    definitions ??= watchDefinitions({ ...options, onChange: onDefinition });
    return view;
  };
  const closeView = (key: string) => {
    const view = views.get(key);
    views.delete(key);
    if (key === podKey) pods.clear();
    marks.clear(key);
    void view?.close();
  };

  const closeLater = (key: string) => {
    if (isClosed) return;
    leaving.get(key)?.();
    const cancel = clock.after(CLOSE_AFTER_MS, () => {
      leaving.delete(key);
      if (!needs.isNeeded(key)) closeView(key);
    });
    leaving.set(key, cancel);
  };

  const onDefinition = ({ group, isAnother }: DefinitionChange) => {
    driver.forgetTypes(group);
    const isOfGroup = ({ apiVersion }: NeededKind) => splitApiVersion(apiVersion).group === group;
    for (const [id, kinds] of needs.all()) {
      const concerned = [...kinds].filter(([, kind]) => isOfGroup(kind));
      // What a view of the former definition holds is not there any more.
      if (isAnother) for (const [key] of concerned) closeView(key);
      if (concerned.length > 0) options.onLookAgain(id);
    }
  };

  const view = async (type: ResourceType, signal: AbortSignal): Promise<ClusterView> => {
    while (!isClosed) {
      const opened = open(type);
      if (await opened.settled(signal)) return opened.reflector;
    }
    throw new UnreachableError(`The cluster is not looked at any more, so its ${type.plural} are not known.`);
  };

  return {
    driver,
    view,
    async pods(instanceId, signal) {
      const seen = await view(podType, signal);
      return pods.of(instanceId).flatMap((name) => seen.get(name) ?? []);
    },
    marked: (workloadId) => marks.of(workloadId),
    peek,
    completedJob: (namespace, name) => marks.completed(namespace, name),
    own: events.own,
    warningsOf: events.warningsOf,
    need(workloadId, kinds) {
      if (kinds.length === 0) events.own(workloadId, { titles: [], namespaces: [] });
      for (const key of needs.set(workloadId, new Map(kinds.map((kind) => [keyOf(kind), kind])))) closeLater(key);
    },
    retry() {
      for (const { reflector } of views.values()) reflector.retry();
      definitions?.retry();
    },
    async close() {
      isClosed = true;
      for (const cancel of leaving.values()) cancel();
      leaving.clear();
      const open = [...views.values(), ...(definitions ? [definitions] : []), events];
      views.clear();
      await Promise.all(open.map((each) => each.close()));
      await driver.close();
    },
  };
}

/** What comes back soon finds its view as it was. */
const CLOSE_AFTER_MS = 60_000;

const podType: ResourceType = { apiVersion: 'v1', kind: 'Pod', plural: 'pods', isNamespaced: true };

function keyOf({ apiVersion, kind }: NeededKind): string {
  return `${apiVersion}/${kind}`;
}

const podKey = keyOf(podType);
