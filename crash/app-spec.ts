import type { JsonObject } from '../lib/canonical.js';
import type { AppWish } from './wish.js';

/** An app whose objects say which version they are of. Its objects: Deployment, Service, ConfigMap, Secret, and their Namespace. */
export function appSpec({ number, replicas, hasDatabase, hasSecret, dependsOn }: AppWish): JsonObject {
  const dependencies = [
    ...(hasDatabase
      ? [{ name: 'db', kind: 'Database', spec: { engine: 'postgres', size: 'small', storageGb: 20 } }]
      : []),
    ...(hasSecret ? [{ name: 'keys', kind: 'Secret', spec: { generate: [{ key: 'salt' }] } }] : []),
    ...(dependsOn === null ? [] : [{ name: dependsOn, kind: 'AppInstance' }]),
  ];
  const env = [
    ...(hasDatabase ? [{ name: 'DATABASE', value: { $from: 'db.host' } }] : []),
    ...(hasSecret ? [{ name: 'SALT', value: { $from: 'keys.salt' } }] : []),
    ...(dependsOn === null ? [] : [{ name: 'OTHER', value: { $from: `${dependsOn}.url` } }]),
  ];
  return { dependencies, components: [{ name: 'web', type: 'manifests', objects: objects(number, replicas, env) }] };
}

/** `Kind/name` of what it comes to, its namespace left out. */
export const objectsOfApp = ['ConfigMap/settings', 'Deployment/web', 'Secret/web', 'Service/web'] as const;

export const imageOf = (number: number): string => `example.com/web:${number}`;

function objects(number: number, replicas: number, env: readonly JsonObject[]): JsonObject[] {
  const labels = { app: 'web' };
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { number: String(number) } },
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'web' }, stringData: { password: `secret-${number}` } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { selector: labels, ports: [{ name: 'http', port: 80 }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            terminationGracePeriodSeconds: 0,
            containers: [{ name: 'main', image: imageOf(number), env: [...env] }],
          },
        },
      },
    },
  ];
}
