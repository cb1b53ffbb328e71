import { isJsonObject, type Json, type JsonObject } from '../../../lib/canonical.js';
import type { ChartRelease } from '../../helm/driver.js';
import { ChartError } from '../../helm/errors.js';

/** A chart of the sandbox: its values with their defaults, and the objects that it makes of them. */
export interface SandboxChart {
  readonly version: string;
  readonly defaults: JsonObject;
  render(release: Pick<ChartRelease, 'name' | 'namespace'>, values: JsonObject): readonly JsonObject[];
}

/** A web server: a Deployment with its Service, and what it is told by environment variables. */
const web: SandboxChart = {
  version: '1.0.0',
  defaults: { image: 'docker.io/library/nginx:1.29', replicas: 1, port: 80, env: {} },
  render: ({ name, namespace }, { image, replicas, port, env }) => {
    const labels = { 'app.kubernetes.io/component': name };
    if (!isJsonObject(env))
      throw new ChartError('The value env of the chart web must be an object: variables by name.');
    if (typeof replicas !== 'number') throw new ChartError('The value replicas of the chart web must be a number.');
    const variables = Object.entries(env).map(([key, value]): JsonObject => ({ name: key, value: String(value) }));
    const container: JsonObject = {
      name: 'web',
      image: image ?? null,
      env: variables,
      ports: [{ name: 'http', containerPort: port ?? null }],
    };
    return [
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name, namespace, labels },
        spec: {
          replicas,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [container] } },
        },
      },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, namespace, labels },
        spec: { selector: labels, ports: [{ name: 'http', port: port ?? null, targetPort: 'http' }] },
      },
    ];
  },
};

/** A ConfigMap that holds each value, as text. */
const config: SandboxChart = {
  version: '1.0.0',
  defaults: {},
  render: ({ name, namespace }, values) => [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace },
      data: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, textOf(value)])),
    },
  ],
};

/** All that the sandbox has in the place of a repository. */
export const sandboxCharts: Readonly<Record<string, SandboxChart>> = { web, config };

const textOf = (value: Json) => (typeof value === 'string' ? value : JSON.stringify(value));
