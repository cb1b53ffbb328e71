import type { KubernetesDriver, KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import type { Json } from '../../../lib/canonical.js';
import type { ObjectView } from '../../../sdk/resource.js';
import { bindOutputs } from '../../../sdk/runtime/bound-outputs.js';
import type { ResourceProvider } from '../../../sdk/runtime/provider.js';
import { outsideLabels } from '../../marks.js';
import { hasUnlabelledPods, selectedPods } from '../adopted-pods.js';
import { toObjectKey } from '../object-name.js';
import { runtimeIdOf, type WorkloadProviderOptions } from '../provider.js';
import type { WorkloadSpec } from '../render.js';
import { isTakenOver } from '../taken-over.js';
import { withChart } from '../with-chart.js';
import { probeLive, readLiveInput } from './probe-live.js';
import { probeLogs, readLogsInput } from './probe-logs.js';
import { plannedWorkload, probePlan } from './probe-plan.js';

/**
 * The questions that a Workload answers: `logs` of its pods, `live`: one of its objects as it is now, and `plan`: what
 * would happen to its objects. Nothing is written, and no secret is in an answer.
 */
export function createWorkloadProbe({
  client,
  clusters,
  helm,
}: WorkloadProviderOptions): NonNullable<ResourceProvider<WorkloadSpec, never, never>['probe']> {
  return async function* probe(workload, { question, input }, context): AsyncIterableIterator<Json> {
    const { signal, leaseSignal, clock } = context;
    const runtimeId = runtimeIdOf(workload);
    // It may be opened by this question, and stays open for the passes.
    const cluster = await clusters.get(runtimeId, { lease: context.lease, signal: leaseSignal });
    switch (question) {
      case 'logs': {
        const { component } = workload.spec;
        const isOurs = (labels: Readonly<Record<string, string>> = {}) => labels[outsideLabels.component] === component;
        const unlabelled = await unlabelledOwners(
          await client.objects(workload.id, { signal }),
          cluster.driver,
          signal,
        );
        const pods = async () => [
          ...(await cluster.pods(workload.ownerId ?? workload.id, signal)).filter(({ metadata }) =>
            isOurs(metadata.labels),
          ),
          ...(await selectedPods(unlabelled, cluster.driver, signal)),
        ];
        yield* probeLogs(readLogsInput(input), { driver: cluster.driver, pods, clock, signal }) as AsyncIterable<never>;
        return;
      }
      case 'live': {
        const name = readLiveInput(input);
        const rows = await client.objects(workload.id, { signal });
        const whole = await withChart(workload, helm, signal);
        yield (await probeLive(name, whole, rows, cluster, signal)) as unknown as Json;
        return;
      }
      case 'plan': {
        const rows = await client.objects(workload.id, { signal });
        const { resource: planned, missing } = bindOutputs({ ...workload, ...plannedWorkload(workload, input) });
        if (missing.length > 0)
          throw new Error(`Its objects cannot be tried before all is there: ${missing.join('. ')}.`);
        const given = { workload, rows, runtimeId, cluster, signal };
        const steps = await probePlan(await withChart(planned, helm, signal), given);
        for (let from = 0; from === 0 || from < steps.length; from += STEPS_A_CHUNK) {
          yield { steps: steps.slice(from, from + STEPS_A_CHUNK) } as unknown as Json;
        }
        return;
      }
      default:
        throw new Error(`A Workload answers logs, live and plan, and not ${question}.`);
    }
  };
}

/** What was taken over and has pods that do not carry our labels yet. */
async function unlabelledOwners(
  rows: readonly ObjectView[],
  driver: KubernetesDriver,
  signal: AbortSignal,
): Promise<readonly KubernetesObject[]> {
  const live = await Promise.all(
    rows.filter(isTakenOver).map((row) => driver.get(toObjectKey(row, row.version), signal)),
  );
  return live.flatMap((object) => (object && hasUnlabelledPods(object) ? [object] : []));
}

/** Keeps a part of an answer some 100 kilobytes small. */
const STEPS_A_CHUNK = 50;
