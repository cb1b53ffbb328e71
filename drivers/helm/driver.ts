import type { JsonObject } from '../../lib/canonical.js';
import type { KubernetesObject } from '../kubernetes/driver.js';

/** What is rendered. */
export interface ChartRelease {
  readonly chart: { readonly name: string; readonly repository?: string; readonly version?: string };
  /** What charts know as .Release.Name. */
  readonly name: string;
  readonly namespace: string;
  readonly values: JsonObject;
}

/** Renders Helm charts. Writes nothing anywhere; what to do with the objects is for the caller to decide. */
export interface HelmDriver {
  /**
   * The objects of a release, hooks left out. The same release gives the same objects. Throws ChartError when there is no
   * such chart, or its values are not what it takes.
   */
  render(release: ChartRelease, signal: AbortSignal): Promise<readonly KubernetesObject[]>;
}
