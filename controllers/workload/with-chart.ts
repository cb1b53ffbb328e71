import type { HelmDriver } from '../../drivers/helm/driver.js';
import { ChartError } from '../../drivers/helm/errors.js';
import type { JsonObject } from '../../lib/canonical.js';
import { TerminalError } from '../../lib/errors.js';
import type { Workload, WorkloadSpec } from './render.js';

/**
 * The workload with the objects of its chart beside its own. What is leaving needs none: a chart that cannot be rendered
 * any more must not keep it. Throws TerminalError for what only another spec can mend.
 */
export async function withChart<View extends Workload>(
  workload: View,
  helm: HelmDriver,
  signal: AbortSignal,
): Promise<View> {
  const { chart, component, namespace, objects } = workload.spec;
  if (!chart || workload.deletionRequestedAt !== null) return workload;
  const { values = {}, ...rest } = chart;
  try {
    const release = { chart: rest, name: component, namespace, values: values as JsonObject };
    const rendered = await helm.render(release, signal);
    const all = [...objects, ...(rendered as unknown as WorkloadSpec['objects'])];
    return { ...workload, spec: { ...workload.spec, objects: all } };
  } catch (error) {
    if (error instanceof ChartError) throw new TerminalError(error.message, { cause: error });
    throw error;
  }
}
