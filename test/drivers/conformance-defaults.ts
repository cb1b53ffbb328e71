import type { TestFn } from 'ava';
import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { FieldConflictError } from '../../drivers/kubernetes/errors.js';
import type { Given } from './conformance.js';
import { make } from './make.js';
import { apply, applyAs, keyOf, signal } from './steps.js';

/** What a server writes into what it stores. Whoever compares the live with the desired has to know it. */
export function registerDefaults(test: TestFn, given: Given): void {
  for (const { what, object, expected } of rows) {
    test(`stores ${what} with the defaults of a server, and the same again when it is applied again`, async (t) => {
      const { driver, namespace } = await given(t);
      const stored = await apply(driver, object(namespace));
      t.deepEqual(plain(stored.spec), plain(expected));
      await apply(driver, object(namespace));
      t.is((await driver.get(keyOf(stored), signal))?.metadata.generation, stored.metadata.generation);
    });
  }

  test('takes what another manager wrote otherwise for another value, even where it means the same', async (t) => {
    const { driver, transport, namespace } = await given(t);
    const web = withTemplate(make.deployment(namespace, 'web', { replicas: 0 }), template('0.5'));
    await applyAs(transport, 'pilot', web);
    const error = await t.throwsAsync(apply(driver, web), { instanceOf: FieldConflictError });
    const within = '.spec.template.spec.containers[name="main"]';
    const fields = [
      `${within}.env[name="POD"].valueFrom.fieldRef`,
      `${within}.resources.limits.cpu`,
      `${within}.resources.requests.cpu`,
      `${within}.resources.requests.memory`,
    ];
    t.deepEqual(error?.conflicts.map(({ field }) => field).sort(), fields);
    t.deepEqual(new Set(error?.conflicts.map(({ manager }) => manager)), new Set(['pilot']));
    t.regex(error?.message ?? '', /Apply failed with 4 conflicts: conflicts with "pilot":\n- \.spec\.template\./);
    const taken = await driver.apply(web, { force: true, signal });
    t.is(taken.metadata.generation, 1);
  });
}

interface Row {
  readonly what: string;
  readonly expected: object;
  object(namespace: string): KubernetesObject;
}

const container = {
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  imagePullPolicy: 'IfNotPresent',
  resources: {},
};

const podSpec = {
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 30,
  dnsPolicy: 'ClusterFirst',
  securityContext: {},
  schedulerName: 'default-scheduler',
};

const storeTemplate = {
  metadata: { labels: { app: 'store' } },
  spec: { ...podSpec, containers: [{ ...container, name: 'main', image: 'example.test/store:1' }] },
};

const webTemplate = {
  metadata: { labels: { app: 'web' } },
  spec: {
    ...podSpec,
    serviceAccountName: 'pilot',
    serviceAccount: 'pilot',
    containers: [
      {
        ...container,
        name: 'main',
        image: 'example.test/web',
        imagePullPolicy: 'Always',
        ports: [{ containerPort: 8080, protocol: 'TCP' }],
        resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { cpu: '1500m', memory: '2000Mi' } },
        env: [
          { name: 'DEPTH', value: '7' },
          { name: 'POD', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
        ],
        readinessProbe: {
          httpGet: { path: '/', port: 8080, scheme: 'HTTP' },
          timeoutSeconds: 1,
          periodSeconds: 10,
          successThreshold: 1,
          failureThreshold: 3,
        },
      },
    ],
    volumes: [
      { name: 'chart', configMap: { name: 'chart', defaultMode: 420 } },
      { name: 'login', secret: { secretName: 'login', defaultMode: 420 } },
      { name: 'room', emptyDir: {} },
    ],
  },
};

/** Written as people write it. */
function template(cpu: string): object {
  return {
    metadata: { labels: { app: 'web' } },
    spec: {
      serviceAccountName: 'pilot',
      containers: [
        {
          name: 'main',
          image: 'example.test/web',
          ports: [{ containerPort: 8080 }],
          resources: { requests: { cpu, memory: '1024Mi' }, limits: { cpu: '1.5', memory: '2000Mi' } },
          env: [
            { name: 'DEPTH', value: '7' },
            { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
          ],
          readinessProbe: { httpGet: { path: '/', port: 8080 } },
        },
      ],
      volumes: [
        { name: 'chart', configMap: { name: 'chart' } },
        { name: 'login', secret: { secretName: 'login' } },
        { name: 'room', emptyDir: {} },
      ],
    },
  };
}

const rows: readonly Row[] = [
  {
    what: 'a Deployment',
    object: (namespace) => withTemplate(make.deployment(namespace, 'web', { replicas: null }), template('0.5')),
    expected: {
      replicas: 1,
      selector: { matchLabels: { app: 'web' } },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      template: webTemplate,
    },
  },
  {
    what: 'a StatefulSet',
    object: (namespace) => make.statefulSet(namespace, 'store', 0),
    expected: {
      replicas: 0,
      serviceName: 'store',
      selector: { matchLabels: { app: 'store' } },
      podManagementPolicy: 'OrderedReady',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      revisionHistoryLimit: 10,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      template: storeTemplate,
      volumeClaimTemplates: [
        {
          kind: 'PersistentVolumeClaim',
          apiVersion: 'v1',
          metadata: { name: 'data' },
          spec: {
            accessModes: ['ReadWriteOnce'],
            resources: { requests: { storage: '1Gi' } },
            volumeMode: 'Filesystem',
          },
          status: { phase: 'Pending' },
        },
      ],
    },
  },
  {
    what: 'a DaemonSet',
    object: (namespace) => ({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'store', namespace },
      spec: {
        selector: { matchLabels: { app: 'store' } },
        template: {
          metadata: { labels: { app: 'store' } },
          spec: { containers: [{ name: 'main', image: 'example.test/store:1' }] },
        },
      },
    }),
    expected: {
      selector: { matchLabels: { app: 'store' } },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
      revisionHistoryLimit: 10,
      template: storeTemplate,
    },
  },
  {
    what: 'a headless Service',
    object: (namespace) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace },
      spec: { clusterIP: 'None', selector: { app: 'web' }, ports: [{ port: 80 }] },
    }),
    expected: {
      type: 'ClusterIP',
      clusterIP: 'None',
      clusterIPs: ['None'],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
      sessionAffinity: 'None',
      selector: { app: 'web' },
      ports: [{ port: 80, targetPort: 80, protocol: 'TCP' }],
    },
  },
  {
    what: 'a HorizontalPodAutoscaler',
    object: (namespace) => ({
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web', namespace },
      spec: { maxReplicas: 7, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } },
    }),
    expected: {
      minReplicas: 1,
      maxReplicas: 7,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
        },
      ],
    },
  },
  {
    what: 'a CronJob',
    object: (namespace) => ({
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'tidy', namespace },
      spec: {
        schedule: '@yearly',
        jobTemplate: {
          spec: {
            template: {
              spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'example.test/tidy:1' }] },
            },
          },
        },
      },
    }),
    expected: {
      schedule: '@yearly',
      concurrencyPolicy: 'Allow',
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
      jobTemplate: {
        metadata: {},
        spec: {
          template: {
            metadata: {},
            spec: {
              ...podSpec,
              restartPolicy: 'Never',
              containers: [{ ...container, name: 'main', image: 'example.test/tidy:1' }],
            },
          },
        },
      },
    },
  },
];

function withTemplate(deployment: KubernetesObject, podTemplate: object): KubernetesObject {
  return { ...deployment, spec: { ...(deployment.spec as object), template: podTemplate } };
}

/** The order of fields is nobody's business. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([name, item]) => [name, plain(item)]));
}
