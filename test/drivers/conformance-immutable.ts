import type { TestFn } from 'ava';
import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { ImmutableFieldError } from '../../drivers/kubernetes/errors.js';
import type { Given } from './conformance.js';
import { make } from './make.js';
import { apply, keyOf, signal } from './steps.js';

/** What no cluster lets change, and the words it says so with. Portolan plans replacements by them. */
export function registerImmutable(test: TestFn, given: Given): void {
  for (const { what, before, after, words } of immutables) {
    test(`refuses to change ${what}`, async (t) => {
      const { driver, namespace } = await given(t);
      const stored = await apply(driver, before(namespace));
      for (const dryRun of [true, false]) {
        const change = driver.apply(after(namespace), { force: true, dryRun, signal });
        const error = await t.throwsAsync(change, { instanceOf: ImmutableFieldError });
        t.is(error?.status, 422);
        t.regex(error?.message ?? '', words);
      }
      t.is((await driver.get(keyOf(stored), signal))?.metadata.uid, stored.metadata.uid);
    });
  }
}

interface Immutable {
  readonly what: string;
  readonly words: RegExp;
  before(namespace: string): KubernetesObject;
  after(namespace: string): KubernetesObject;
}

const immutables: readonly Immutable[] = [
  {
    what: 'the template of a Job',
    words: /spec\.template: field is immutable$/,
    before: (namespace) => make.job(namespace, 'migrate'),
    after: (namespace) => make.job(namespace, 'migrate', 'example.test/migrate:2'),
  },
  {
    what: 'the selector of a Deployment',
    words: /spec\.selector: field is immutable$/,
    before: (namespace) => make.deployment(namespace, 'web'),
    after: (namespace) => renamed(make.deployment(namespace, 'other'), 'web'),
  },
  {
    what: 'the selector of a DaemonSet',
    words: /spec\.selector: field is immutable$/,
    before: (namespace) => daemonSet(namespace, 'web'),
    after: (namespace) => renamed(daemonSet(namespace, 'other'), 'web'),
  },
  {
    what: 'the claims of a StatefulSet',
    words:
      /spec: updates to statefulset spec for fields other than 'replicas', .* and 'minReadySeconds' are forbidden$/,
    before: (namespace) => make.statefulSet(namespace, 'store', 0),
    after: (namespace) => withSpec(make.statefulSet(namespace, 'store', 0), { volumeClaimTemplates: [claimOf('2Gi')] }),
  },
  {
    what: 'the address of a Service',
    words: /spec\.clusterIPs\[0\]: may not change once set$/,
    before: (namespace) => service(namespace, {}),
    after: (namespace) => service(namespace, { clusterIP: 'None' }),
  },
  {
    what: 'a ConfigMap that says it does not change',
    words: /data: field is immutable when `immutable` is set$/,
    before: (namespace) => ({ ...make.configMap(namespace, 'chart', { depth: '7' }), immutable: true }),
    after: (namespace) => ({ ...make.configMap(namespace, 'chart', { depth: '8' }), immutable: true }),
  },
  {
    what: 'the type of a Secret',
    words: /type: field is immutable$/,
    before: (namespace) => secret(namespace, 'example.test/a'),
    after: (namespace) => secret(namespace, 'example.test/b'),
  },
  {
    what: 'the access modes of a claim',
    words: /spec: spec is immutable after creation except resources\.requests and volumeAttributesClassName/,
    before: (namespace) => claim(namespace, 'ReadWriteOnce'),
    after: (namespace) => claim(namespace, 'ReadWriteMany'),
  },
  {
    what: 'the role of a RoleBinding',
    words: /roleRef: cannot change roleRef$/,
    before: (namespace) => roleBinding(namespace, 'view'),
    after: (namespace) => roleBinding(namespace, 'edit'),
  },
];

function renamed(object: KubernetesObject, name: string): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, name } };
}

function withSpec(object: KubernetesObject, spec: object): KubernetesObject {
  return { ...object, spec: { ...(object.spec as object), ...spec } };
}

function daemonSet(namespace: string, name: string): KubernetesObject {
  const { selector, template } = make.deployment(namespace, name).spec as { selector: object; template: object };
  return { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name, namespace }, spec: { selector, template } };
}

function claimOf(storage: string): object {
  return {
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
  };
}

function service(namespace: string, spec: object): KubernetesObject {
  const metadata = { name: 'web', namespace };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { ports: [{ port: 80 }], selector: { app: 'web' }, ...spec },
  };
}

function secret(namespace: string, type: string): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'login', namespace }, type, data: {} };
}

function claim(namespace: string, mode: string): KubernetesObject {
  const spec = { accessModes: [mode], resources: { requests: { storage: '1Gi' } } };
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data', namespace }, spec };
}

function roleBinding(namespace: string, role: string): KubernetesObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'pilot', namespace },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'ServiceAccount', name: 'default', namespace }],
  };
}
