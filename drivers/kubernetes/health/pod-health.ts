import type { KubernetesObject } from '../driver.js';
import { isSelected } from '../label-selector.js';
import { conditionOf, list, type ObjectHealth, record, text } from '../object-fields.js';
import {
  type Container,
  containerProblem,
  containersOf,
  endedSilently,
  exitText,
  isLooping,
} from './container-health.js';
import { type RelatedObjects, type WarningTopic, warningOf } from './related-objects.js';
import { completed, degraded, healthy, progressing } from './verdict.js';

/** Whether one pod works. */
export function podHealth(pod: KubernetesObject, related: RelatedObjects): ObjectHealth {
  const problem = podProblem(pod, related);
  if (problem) return problem;
  const status = record(pod.status);
  if (status.phase === 'Succeeded') return completed;
  if (conditionOf(pod, 'Ready')?.status === 'True') return healthy;
  if (status.phase === 'Running') return progressing('It runs but is not ready.');
  return progressing('It is being started.', 'Pending');
}

/**
 * What is wrong with the pods that `owner` selects: the worst, and the first of those by name. Null when nothing is.
 * Pods that are going, or that failed and are replaced, are of the past.
 */
export function worstPodProblem(owner: KubernetesObject, related: RelatedObjects): ObjectHealth | null {
  const problems = podsOf(owner, related)
    .filter((pod) => record(pod.status).phase !== 'Failed')
    .flatMap((pod) => podProblem(pod, related) ?? []);
  return problems.find((problem) => problem.health === 'Degraded') ?? problems[0] ?? null;
}

/** How the newest failed pod of `owner` ended; '' when none says. */
export function lastFailureOf(owner: KubernetesObject, related: RelatedObjects): string {
  const [newest] = failedPodsOf(owner, related);
  if (!newest) return '';
  const texts = containersOf(newest).map((container) => exitText(container, linesOf(newest, container, related)));
  return texts.find((said) => said !== '') ?? '';
}

/** A container that ended badly without a word: its last lines may say why. */
export interface SilentEnd {
  readonly pod: KubernetesObject;
  readonly container: string;
  readonly restarts: number;
  /** Of the run before the one that the pod is in now. */
  readonly isPrevious: boolean;
}

/** Those of `object` if it is a pod, or of the pods that it selects: who waits to be started again, or failed for good. In order. */
export function silentEndsOf(object: KubernetesObject, related: RelatedObjects): readonly SilentEnd[] {
  const looping = object.kind === 'Pod' ? [object] : podsOf(object, related);
  const failed = object.kind === 'Job' ? failedPodsOf(object, related).slice(0, 1) : [];
  const ends = (pod: KubernetesObject, isMeant: (container: Container) => boolean) =>
    containersOf(pod)
      .filter((container) => isMeant(container) && endedSilently(container))
      .map(({ name, restarts, terminated }) => ({
        pod,
        container: name,
        restarts,
        isPrevious: terminated.exitCode === undefined,
      }));
  return [
    ...looping.filter((pod) => record(pod.status).phase !== 'Failed').flatMap((pod) => ends(pod, isLooping)),
    ...failed.flatMap((pod) => ends(pod, () => true)),
  ];
}

/** By name. */
function podsOf(owner: KubernetesObject, { pods }: RelatedObjects): readonly KubernetesObject[] {
  return pods
    .filter((pod) => pod.metadata.namespace === owner.metadata.namespace && !pod.metadata.deletionTimestamp)
    .filter((pod) => isSelected(pod, record(owner.spec).selector))
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

/** The newest first. */
function failedPodsOf(owner: KubernetesObject, related: RelatedObjects): readonly KubernetesObject[] {
  const madeAt = ({ metadata }: KubernetesObject) => metadata.creationTimestamp ?? '';
  return podsOf(owner, related)
    .filter((pod) => record(pod.status).phase === 'Failed')
    .sort((a, b) => (madeAt(a) < madeAt(b) ? 1 : -1));
}

function podProblem(pod: KubernetesObject, related: RelatedObjects): ObjectHealth | null {
  const status = record(pod.status);
  if (status.phase === 'Succeeded') return null;
  const containers = containersOf(pod);
  for (const container of containers) {
    const problem = containerProblem(container, linesOf(pod, container, related));
    if (problem) return problem;
  }
  if (status.phase === 'Failed') {
    const why = [text(status.reason), text(status.message)].filter(Boolean).join(': ');
    return degraded(`Pod failed${why ? `: ${why}` : ''}.`);
  }
  return placementProblem(pod, related) ?? startProblem(pod, containers, related);
}

function linesOf(pod: KubernetesObject, container: Container, related: RelatedObjects): string {
  return endedSilently(container) ? (related.lastLinesOf?.(pod, container.name) ?? '') : '';
}

function placementProblem(pod: KubernetesObject, related: RelatedObjects): ObjectHealth | null {
  const scheduled = conditionOf(pod, 'PodScheduled');
  const isWaiting = !scheduled && text(record(pod.spec).nodeName) === '' && record(pod.status).phase === 'Pending';
  const told = isWaiting ? warningOf('schedule', pod, related) : '';
  if (told !== '') return degraded(`Pod cannot be placed on a node: ${told}`, 'Unschedulable');
  if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable') return null;
  if (/persistentvolumeclaim/i.test(scheduled.message)) {
    const why = claimWarning(pod, related) || scheduled.message;
    return progressing(`Pod waits for its volume: ${why}`, 'NotBound');
  }
  return degraded(`Pod cannot be placed on a node: ${scheduled.message}`, 'Unschedulable');
}

/** What is told of the claims that the pod names. */
function claimWarning(pod: KubernetesObject, related: RelatedObjects): string {
  const claims = list(record(pod.spec).volumes)
    .map((volume) => text(record(record(volume).persistentVolumeClaim).claimName))
    .filter((name) => name !== '');
  const topic: WarningTopic = 'provision';
  for (const name of claims) {
    const about = { kind: 'PersistentVolumeClaim', namespace: pod.metadata.namespace ?? '', name };
    const warning = related.warningsOf?.(about).find((each) => each.about === topic);
    if (warning) return `claim ${name}: ${warning.message}`;
  }
  return '';
}

/** What keeps a pod that has its node from starting: a volume that cannot be mounted, a sandbox that cannot be made. */
function startProblem(
  pod: KubernetesObject,
  containers: readonly Container[],
  related: RelatedObjects,
): ObjectHealth | null {
  const isStarting = containers.every(({ waiting }) => startingReasons.has(text(waiting.reason)));
  if (!isStarting || record(pod.status).phase !== 'Pending') return null;
  const warning = warningOf('start', pod, related);
  return warning === '' ? null : degraded(`Pod cannot be started: ${warning}`);
}

const startingReasons: ReadonlySet<string> = new Set(['ContainerCreating', 'PodInitializing']);
