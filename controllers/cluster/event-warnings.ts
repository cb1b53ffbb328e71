import { creationFailure } from '../../drivers/kubernetes/health/creation-failure.js';
import type { ObjectWarning, WarnedObject, WarningTopic } from '../../drivers/kubernetes/health/related-objects.js';
import { type ClusterEvent, titleOf } from './cluster-event.js';

/**
 * What a cluster last told of objects that explains what their own status does not: why pods are not made, not placed, not
 * started. Of each object and topic the newest event counts: a later one that says it worked ends the warning, and so does
 * the end of the event itself, which a cluster forgets an hour after it last happened.
 */
export interface EventWarnings {
  /** Whether what holds for its object is another thing now. */
  take(event: ClusterEvent): boolean;
  /** The cluster has forgotten the event. Whether what holds is another thing now. */
  forget(event: ClusterEvent): boolean;
  of(about: WarnedObject): readonly ObjectWarning[];
  /** Forgets all of a namespace. */
  drop(namespace: string): void;
}

export function createEventWarnings(): EventWarnings {
  const byNamespace = new Map<string, Map<string, Map<WarningTopic, Told>>>();
  const toldOf = ({ kind, namespace, name }: Pick<WarnedObject, 'kind' | 'namespace' | 'name'>) =>
    byNamespace.get(namespace)?.get(titleOf(kind, namespace, name));
  return {
    take(event) {
      const meaning = meanings[event.reason];
      if (!meaning || (meaning.kind !== undefined && meaning.kind !== event.about.kind)) return false;
      const { namespace, title } = event.about;
      const objects = byNamespace.get(namespace) ?? new Map<string, Map<WarningTopic, Told>>();
      const told = objects.get(title) ?? new Map<WarningTopic, Told>();
      const before = told.get(meaning.about);
      if (before && isNewer(before.event, event)) return false;
      // An end without a beginning says nothing, and there are as many of them as there are pods.
      if (!before && !meaning.holds) return false;
      byNamespace.set(namespace, objects.set(title, told.set(meaning.about, { event, holds: meaning.holds })));
      return sentenceOf(before) !== sentenceOf(told.get(meaning.about));
    },
    forget(event) {
      const told = toldOf(event.about);
      const found = [...(told ?? [])].find(([, known]) => known.event.uid === event.uid);
      if (!told || !found) return false;
      told.delete(found[0]);
      if (told.size === 0) byNamespace.get(event.about.namespace)?.delete(event.about.title);
      return found[1].holds;
    },
    of(about) {
      return [...(toldOf(about) ?? [])]
        .filter(([, { event, holds }]) => holds && (about.uid === undefined || about.uid === event.about.uid))
        .map(([topic, { event }]) => ({ about: topic, reason: event.reason, message: event.message }));
    },
    drop(namespace) {
      byNamespace.delete(namespace);
    },
  };
}

interface Told {
  readonly event: ClusterEvent;
  readonly holds: boolean;
}

interface Meaning {
  readonly about: WarningTopic;
  readonly holds: boolean;
  /** Left out: of any kind. */
  readonly kind?: string;
}

const begins = (about: WarningTopic, kind?: string): Meaning => ({ about, holds: true, ...(kind && { kind }) });
const ends = (about: WarningTopic, kind?: string): Meaning => ({ about, holds: false, ...(kind && { kind }) });

/** By the reasons that kubelet, scheduler and controller manager give. */
const meanings: Readonly<Record<string, Meaning>> = {
  FailedCreate: begins('create'),
  SuccessfulCreate: ends('create'),
  FailedScheduling: begins('schedule', 'Pod'),
  Scheduled: ends('schedule', 'Pod'),
  FailedMount: begins('start', 'Pod'),
  FailedAttachVolume: begins('start', 'Pod'),
  FailedMapVolume: begins('start', 'Pod'),
  FailedCreatePodSandBox: begins('start', 'Pod'),
  NetworkNotReady: begins('start', 'Pod'),
  Pulling: ends('start', 'Pod'),
  Pulled: ends('start', 'Pod'),
  Created: ends('start', 'Pod'),
  Started: ends('start', 'Pod'),
  ProvisioningFailed: begins('provision', 'PersistentVolumeClaim'),
  FailedBinding: begins('provision', 'PersistentVolumeClaim'),
  WaitForFirstConsumer: begins('provision', 'PersistentVolumeClaim'),
  WaitForPodScheduled: begins('provision', 'PersistentVolumeClaim'),
  ExternalProvisioning: begins('provision', 'PersistentVolumeClaim'),
  ProvisioningSucceeded: ends('provision', 'PersistentVolumeClaim'),
  SyncLoadBalancerFailed: begins('balance', 'Service'),
  EnsuredLoadBalancer: ends('balance', 'Service'),
};

/** Whether `a` happened after `b`. Within a second, which is all that most events tell, their versions decide. */
function isNewer(a: ClusterEvent, b: ClusterEvent): boolean {
  if (a.uid === b.uid) return Number(a.resourceVersion) > Number(b.resourceVersion);
  const [atA, atB] = [Date.parse(a.lastAt), Date.parse(b.lastAt)].map((at) => Math.floor(at / 1000));
  if (atA !== atB) return (atA ?? 0) > (atB ?? 0);
  return Number(a.resourceVersion) > Number(b.resourceVersion);
}

/** What of it is shown: the name of a pod that could not be made is another one at each try, and no news. */
function sentenceOf(told: Told | undefined): string {
  if (!told?.holds) return '';
  const { message, reason } = told.event;
  return reason === 'FailedCreate' ? creationFailure(message).message : message;
}
