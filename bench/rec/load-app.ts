/**
 * What every instance is: three objects that are healthy by themselves, because nothing runs pods here, and the namespace
 * that each instance has. Of about the size of what people deploy.
 */
export const loadApp = {
  parameters: [{ name: 'color', type: 'string', default: 'none' }],
  components: [
    {
      name: 'web',
      type: 'manifests',
      objects: [
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'settings' },
          data: {
            color: { $from: 'parameters.color' },
            ...Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`setting-${index}`, 'x'.repeat(100)])),
          },
        },
        { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'web' } },
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'web' },
          spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80 }] },
        },
      ],
    },
  ],
} as const;

/** With the namespace. */
export const OBJECTS_OF_INSTANCE = 4;

export const instanceName = (index: number) => `load-${String(index).padStart(5, '0')}`;
