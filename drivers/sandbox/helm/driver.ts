import { isJsonObject, type Json, type JsonObject } from '../../../lib/canonical.js';
import type { HelmDriver } from '../../helm/driver.js';
import { ChartError } from '../../helm/errors.js';
import type { KubernetesObject } from '../../kubernetes/driver.js';
import { sandboxCharts } from './charts.js';

/** Renders the charts of the sandbox: plain functions, so that a laptop without Helm and without a network shows what charts do. */
export function createSandboxHelmDriver(): HelmDriver {
  return {
    async render({ chart, name, namespace, values }) {
      const found = sandboxCharts[chart.name];
      const known = Object.keys(sandboxCharts).join(', ');
      if (!found || chart.repository !== undefined) {
        throw new ChartError(`The sandbox has no chart ${chart.repository ?? ''}${chart.name}. It has: ${known}.`);
      }
      if (chart.version !== undefined && chart.version !== found.version) {
        throw new ChartError(
          `The sandbox has version ${found.version} of the chart ${chart.name}, not ${chart.version}.`,
        );
      }
      return found.render({ name, namespace }, merge(found.defaults, values)) as unknown as readonly KubernetesObject[];
    },
  };
}

/** As Helm puts values over defaults: objects by key, everything else as a whole, null takes away. */
function merge(below: JsonObject, above: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const under = merged[key];
    if (value === null) delete merged[key];
    else merged[key] = isJsonObject(value) && isJsonObject(under) ? merge(under, value) : value;
  }
  return merged;
}
