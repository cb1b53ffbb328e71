/** Apps that are small enough to be deployed many times. */

export const password = 'canary-of-the-loop-tests';

/** One component with four objects. */
export function shop(image = 'example.com/web:1'): readonly object[] {
  return [{ name: 'web', type: 'manifests', objects: [secret, settings, service, deployment(image)] }];
}

/** What shop comes to, besides pods. */
export const shopObjects = (namespace: string): readonly string[] => [
  'ConfigMap/settings',
  'Deployment/web',
  `Namespace/${namespace}`,
  'Secret/web',
  'Service/web',
];

/** So that its pods cannot be started, in the sandbox as on the real control plane. */
export const brokenImage = 'example.com/does-not-exist:1';

const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'web' }, stringData: { password } };
const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { color: 'blue' } };
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80 }] },
};
const deployment = (image: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image }] },
    },
  },
});
