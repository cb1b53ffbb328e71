import test from 'ava';
import { outputMarker, outputsHashMarker } from '../../lib/output-marker.js';
import type { OutputsView, ResourceView, StatusReport } from '../../sdk/resource.js';
import { bindOutputs, withConsumed } from '../../sdk/runtime/bound-outputs.js';

interface Spec {
  readonly bindings: readonly { readonly name: string }[];
  readonly host: unknown;
  readonly hash?: unknown;
}

function make(outputs: OutputsView, spec: Partial<Spec> = {}): ResourceView<Spec> {
  return {
    id: 'web',
    kind: 'Workload',
    name: 'web',
    projectId: null,
    environmentId: null,
    ownerId: null,
    labels: {},
    generation: 1,
    version: 1,
    spec: { bindings: [{ name: 'db' }], host: outputMarker('db', 'host'), ...spec },
    leaseKey: null,
    deletionRequestedAt: null,
    isDeletionForced: false,
    status: {
      observedGeneration: 1,
      version: 1,
      health: 'Healthy',
      isSettled: true,
      conditions: [],
      outputs: {},
      observed: {},
    },
    references: [
      {
        path: 'bindings.0.resource',
        id: 'db-id',
        kind: 'Database',
        name: 'db',
        isSettled: true,
        health: 'Healthy',
        outputs,
      },
    ],
    openIntents: [],
    dependents: 0,
  };
}

const healthy: StatusReport = {
  health: 'Healthy',
  conditions: [{ type: 'Ready', status: 'True', reason: 'Available', message: '' }],
  observed: {},
  outputs: {},
};

test('an output stands in the place of its marker, and the newest version of its producer is consumed', (t) => {
  const bound = bindOutputs(make({ host: { value: 'db.local', version: 2 }, port: { value: 5432, version: 7 } }));
  t.is(bound.resource.spec.host, 'db.local');
  t.deepEqual(bound.consumed, { 'db-id': 7 });
  t.deepEqual([bound.missing, bound.vanished], [[], []]);
});

test('a secret output stays a reference', (t) => {
  const value = { $secret: { id: 's', version: 3 } };
  t.deepEqual(bindOutputs(make({ host: { value, version: 1 } })).resource.spec.host, value);
});

test('the hash of outputs differs when one of them does, and only then', (t) => {
  const hash = outputsHashMarker(['db.host']);
  const hashOf = (host: string, port: number) =>
    bindOutputs(make({ host: { value: host, version: 1 }, port: { value: port, version: 1 } }, { hash })).resource.spec
      .hash;
  t.is(hashOf('a', 1), hashOf('a', 2));
  t.not(hashOf('a', 1), hashOf('b', 1));
});

test('what nobody gives is named with what is given', (t) => {
  const { missing } = bindOutputs(make({ port: { value: 5432, version: 1 } }));
  t.deepEqual(missing, ['Database db gives no output host. It gives: port']);
});

test('what is given no more keeps its last value and takes READY away', (t) => {
  const bound = bindOutputs(make({ host: { value: 'db.local', version: 4, isVanished: true } }));
  t.is(bound.resource.spec.host, 'db.local');
  const report = withConsumed(healthy, bound);
  t.is(report.health, 'Degraded');
  t.is(report.conditions[0]?.reason, 'OutputVanished');
  t.regex(report.conditions[0]?.message ?? '', /Database db gives its output host no more; the last value is kept/);
});
