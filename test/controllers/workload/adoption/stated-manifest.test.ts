import test from 'ava';
import { whyLeftOut } from '../../../../controllers/workload/adoption/left-out.js';
import { statedManifest } from '../../../../controllers/workload/adoption/stated-manifest.js';
import { findDifferences } from '../../../../controllers/workload/drift/differences.js';
import type { KubernetesObject } from '../../../../drivers/kubernetes/driver.js';

const entry = (manager: string, fieldsV1: object, given: object = {}) => ({
  manager,
  operation: 'Update',
  apiVersion: 'v1',
  fieldsType: 'FieldsV1',
  fieldsV1,
  ...given,
});

const live = (metadata: object, fields: object): KubernetesObject =>
  ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop', uid: 'u', resourceVersion: '7', ...metadata },
    ...fields,
  }) as KubernetesObject;

const ports = { ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 8080, nodePort: 31000 }] };

const rows: readonly { readonly title: string; readonly live: KubernetesObject; readonly expected: object }[] = [
  {
    title: 'fields that people set are stated, with the key of an item; what nobody or the cluster set is not',
    live: live(
      {
        labels: { app: 'web', 'topology.example.com/zone': 'a' },
        annotations: { note: 'theirs' },
        managedFields: [
          entry('helm', {
            'f:metadata': { 'f:labels': { 'f:app': {} }, 'f:annotations': { 'f:note': {} } },
            'f:spec': {
              'f:selector': {},
              'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:targetPort': {} } },
            },
          }),
          entry('kube-controller-manager', { 'f:metadata': { 'f:labels': { 'f:topology.example.com/zone': {} } } }),
          entry('cloud', { 'f:status': { 'f:loadBalancer': {} } }, { subresource: 'status' }),
        ],
      },
      { spec: { selector: { app: 'web' }, clusterIP: '10.0.0.1', ...ports }, status: { loadBalancer: {} } },
    ),
    expected: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', labels: { app: 'web' }, annotations: { note: 'theirs' } },
      spec: { selector: { app: 'web' }, ports: [{ port: 80, protocol: 'TCP', targetPort: 8080 }] },
    },
  },
  {
    title: 'of what kubectl applied, only what it was given is stated, and a copy of it is not',
    live: live(
      {
        annotations: {
          'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({
            apiVersion: 'v1',
            kind: 'Service',
            metadata: { name: 'web' },
            spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80 }] },
          }),
        },
        managedFields: [
          entry('kubectl-client-side-apply', {
            'f:metadata': { 'f:annotations': { '.': {}, 'f:kubectl.kubernetes.io/last-applied-configuration': {} } },
            'f:spec': {
              'f:selector': {},
              'f:type': {},
              'f:ports': {
                '.': {},
                'k:{"port":80,"protocol":"TCP"}': {
                  '.': {},
                  'f:name': {},
                  'f:port': {},
                  'f:protocol': {},
                  'f:targetPort': {},
                },
              },
            },
          }),
        ],
      },
      { spec: { selector: { app: 'web' }, type: 'ClusterIP', ...ports } },
    ),
    expected: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80 }] },
    },
  },
  {
    title: 'an object that does not say who set what is taken whole, but for what only a server sets',
    live: live(
      { labels: { app: 'web' } },
      {
        spec: { selector: { app: 'web' }, clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'], type: 'ClusterIP' },
        status: {},
      },
    ),
    expected: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', labels: { app: 'web' } },
      spec: { selector: { app: 'web' }, type: 'ClusterIP' },
    },
  },
];

for (const { title, live: object, expected } of rows) {
  test(title, (t) => {
    const manifest = statedManifest(object);
    t.deepEqual(manifest, expected as unknown as KubernetesObject);
    t.deepEqual(findDifferences(manifest, object), [], 'and is what is there');
  });
}

const leftOut: readonly { readonly title: string; readonly object: KubernetesObject; readonly why: RegExp | null }[] = [
  {
    title: 'what a controller owns',
    object: live(
      { ownerReferences: [{ apiVersion: 'v1', kind: 'ReplicaSet', name: 'web-1', uid: 'r', controller: true }] },
      {},
    ),
    why: /belongs to ReplicaSet\/web-1/,
  },
  {
    title: 'what is being deleted',
    object: live({ deletionTimestamp: '2026-11-22T18:30:00Z' }, {}),
    why: /being deleted/,
  },
  {
    title: 'what an app instance has already',
    object: live({ labels: { 'portolan.dev/instance': 'x' } }, {}),
    why: /An app instance of Portolan has it/,
  },
  {
    title: 'what only controllers made',
    object: live({ managedFields: [entry('cert-manager-certificates-issuing', { 'f:data': {} })] }, {}),
    why: /made by cert-manager-certificates-issuing, and by nobody else/,
  },
  {
    title: 'the account that each namespace has',
    object: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } },
    why: /The cluster makes it in each namespace/,
  },
  {
    title: 'a release that Helm keeps',
    object: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'sh.helm.release.v1.web.v1' },
      type: 'helm.sh/release.v1',
    },
    why: /Helm keeps a release in it/,
  },
  {
    title: 'not what a tool of GitOps applied',
    object: live(
      { managedFields: [entry('kustomize-controller', { 'f:spec': {} }), entry('cloud-controller-manager', {})] },
      {},
    ),
    why: null,
  },
];

for (const { title, object, why } of leftOut) {
  test(`left out: ${title}`, (t) => {
    const said = whyLeftOut(object);
    if (why === null) t.is(said, null);
    else t.regex(said ?? '', why);
  });
}
