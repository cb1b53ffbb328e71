import type { KubernetesObject } from '../../kubernetes/driver.js';
import { conditionOf, number, record, text } from '../../kubernetes/object-fields.js';
import { type CronSchedule, parseSchedule } from '../cron-schedule.js';
import type { BehaviourCluster } from './behaviour.js';

/** Makes a Job at each time of its schedule, and keeps the last few that are over. */
export function cronJob(object: KubernetesObject, cluster: BehaviourCluster): void {
  if (object.metadata.deletionTimestamp) return;
  const schedule = parseSchedule(text(record(object.spec).schedule));
  if (typeof schedule === 'string') return;
  setStatus(object, {}, cluster);
  removeOld(object, cluster);
  if (record(object.spec).suspend === true) return;
  const sinceMs = Date.parse(text(record(object.status).lastScheduleTime) || (object.metadata.creationTimestamp ?? ''));
  const dueMs = lastDue(schedule, sinceMs, cluster.nowMs);
  if (dueMs !== null && isInTime(object, dueMs, cluster)) run(object, dueMs, cluster);
  const nextMs = schedule.next(cluster.nowMs);
  if (nextMs !== null) cluster.wake(object, nextMs - cluster.nowMs);
}

const controller = 'cronjob-controller';

/** The last time that is due and has no Job yet. Of many that were missed only the last is made up for. */
function lastDue(schedule: CronSchedule, sinceMs: number, nowMs: number): number | null {
  let due: number | null = null;
  let next = schedule.next(Math.max(sinceMs, nowMs - LOOK_BACK_MS));
  while (next !== null && next <= nowMs) {
    due = next;
    next = schedule.next(next);
  }
  return due;
}

/** More than a day of missed minutes is not counted one by one. */
const LOOK_BACK_MS = 86_400_000;

function isInTime(object: KubernetesObject, dueMs: number, cluster: BehaviourCluster): boolean {
  const { startingDeadlineSeconds } = record(object.spec);
  return typeof startingDeadlineSeconds !== 'number' || cluster.nowMs - dueMs <= startingDeadlineSeconds * 1000;
}

function run(object: KubernetesObject, dueMs: number, cluster: BehaviourCluster): void {
  const { concurrencyPolicy = 'Allow', jobTemplate } = record(object.spec);
  const active = jobsOf(object, cluster).filter((job) => !endOf(job));
  if (concurrencyPolicy === 'Forbid' && active.length > 0) {
    const message = 'Not starting job because prior execution is running and concurrency policy is Forbid';
    cluster.tell(object, { type: 'Normal', reason: 'JobAlreadyActive', message, by: controller });
    return;
  }
  if (concurrencyPolicy === 'Replace') for (const job of active) remove(object, job, cluster);
  const { metadata, spec } = record(jobTemplate);
  const { labels, annotations } = record(metadata) as Pick<KubernetesObject['metadata'], 'labels' | 'annotations'>;
  const { name, namespace = '' } = object.metadata;
  const scheduled = `${new Date(dueMs).toISOString().slice(0, 19)}Z`;
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: `${name.slice(0, 52)}-${dueMs / 60_000}`,
      namespace,
      ...(labels ? { labels } : {}),
      annotations: { ...annotations, 'batch.kubernetes.io/cronjob-scheduled-timestamp': scheduled },
    },
    spec,
  };
  if (cluster.store.get('batch/Job', namespace, job.metadata.name)) return;
  const made = cluster.create(job, object);
  if (made instanceof Error) {
    const message = `Error creating job: ${made.message}`;
    cluster.tell(object, { type: 'Warning', reason: 'FailedCreate', message, by: controller });
    return;
  }
  const message = `Created job ${job.metadata.name}`;
  cluster.tell(object, { type: 'Normal', reason: 'SuccessfulCreate', message, by: controller });
  setStatus(object, { lastScheduleTime: scheduled }, cluster);
}

function setStatus(
  object: KubernetesObject,
  changed: Readonly<Record<string, unknown>>,
  cluster: BehaviourCluster,
): void {
  const { lastScheduleTime, lastSuccessfulTime } = record(cluster.store.byUid(object.metadata.uid ?? '')?.status);
  const jobs = jobsOf(object, cluster);
  const active = jobs.filter((job) => !endOf(job)).map(referenceTo);
  const successful = jobs
    .map((job) => text(record(job.status).completionTime))
    .sort()
    .at(-1);
  for (const job of jobs) {
    const end = endOf(job);
    if (!end || cluster.isTold(job, 'completed')) continue;
    const message = `Saw completed job: ${job.metadata.name}, condition: ${end}`;
    cluster.tell(object, { type: 'Normal', reason: 'SawCompletedJob', message, by: controller });
  }
  cluster.setStatus(object, {
    ...(active.length > 0 ? { active } : {}),
    ...(lastScheduleTime === undefined ? {} : { lastScheduleTime }),
    ...(successful || lastSuccessfulTime ? { lastSuccessfulTime: successful || lastSuccessfulTime } : {}),
    ...changed,
  });
}

function removeOld(object: KubernetesObject, cluster: BehaviourCluster): void {
  const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = record(object.spec);
  const jobs = jobsOf(object, cluster);
  const limits = { Complete: number(successfulJobsHistoryLimit, 3), Failed: number(failedJobsHistoryLimit, 1) };
  for (const [end, limit] of Object.entries(limits)) {
    const over = jobs.filter((job) => endOf(job) === end);
    for (const job of over.slice(0, Math.max(0, over.length - limit))) remove(object, job, cluster);
  }
}

function remove(object: KubernetesObject, job: KubernetesObject, cluster: BehaviourCluster): void {
  cluster.delete(job);
  const message = `Deleted job ${job.metadata.name}`;
  cluster.tell(object, { type: 'Normal', reason: 'SuccessfulDelete', message, by: controller });
}

/** By their time, the first first. */
function jobsOf(object: KubernetesObject, cluster: BehaviourCluster): readonly KubernetesObject[] {
  return cluster.store
    .dependents(object.metadata.uid ?? '')
    .filter(({ kind, metadata }) => kind === 'Job' && !metadata.deletionTimestamp)
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

function endOf(job: KubernetesObject): 'Complete' | 'Failed' | null {
  if (conditionOf(job, 'Complete')) return 'Complete';
  return conditionOf(job, 'Failed') ? 'Failed' : null;
}

function referenceTo({ apiVersion, kind, metadata }: KubernetesObject): object {
  const { name, namespace, uid } = metadata;
  return { kind, namespace, name, uid, apiVersion };
}
