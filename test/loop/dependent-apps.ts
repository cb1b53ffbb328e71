import type { JsonObject } from '../../lib/canonical.js';

/** A web server as a component: its Deployment with `env`, and its Service. */
export function webComponent(name: string, env: readonly JsonObject[] = [], more: JsonObject = {}): JsonObject {
  const labels = { app: name };
  return {
    name,
    type: 'manifests',
    ...more,
    objects: [
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name },
        spec: {
          replicas: 1,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              terminationGracePeriodSeconds: 0,
              containers: [{ name: 'main', image: 'example.com/web:1', env: [...env] }],
            },
          },
        },
      },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name },
        spec: { selector: labels, ports: [{ name: 'http', port: 80 }] },
      },
    ],
  };
}

/** A variable whose value is a parameter, or an output of a dependency: `db.host`. */
export function variable(name: string, from: string): JsonObject {
  return { name, value: { $from: from } };
}

export const smallDatabase: JsonObject = { engine: 'postgres', size: 'small', storageGb: 20 };
