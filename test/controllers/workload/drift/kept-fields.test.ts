import test from 'ava';
import { parseFieldPattern } from '../../../../controllers/workload/drift/field-path.js';
import { withKeptFields } from '../../../../controllers/workload/drift/kept-fields.js';
import type { KubernetesObject } from '../../../../drivers/kubernetes/driver.js';
import type { JsonObject } from '../../../../lib/canonical.js';

const deployment = (spec: JsonObject, managedFields: readonly JsonObject[] = []): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', ...(managedFields.length > 0 && { managedFields }) },
  spec,
});

const entry = (manager: string, fieldsV1: JsonObject) => ({
  manager,
  operation: manager === 'portolan' ? 'Apply' : 'Update',
  apiVersion: 'apps/v1',
  fieldsV1,
});

test('a kept field that another manager set is left out, and one that only we set has its live value', (t) => {
  const body = deployment({ replicas: 1, paused: false, containers: [{ name: 'web', image: 'a:1', tty: true }] });
  const live = deployment({ replicas: 4, paused: true, containers: [{ name: 'web', image: 'a:2', tty: false }] }, [
    entry('portolan', {
      'f:spec': { 'f:paused': {}, 'f:containers': { 'k:{"name":"web"}': { '.': {}, 'f:tty': {} } } },
    }),
    entry('scaler', { 'f:spec': { 'f:replicas': {} } }),
    entry('updater', { 'f:spec': { 'f:containers': { 'k:{"name":"web"}': { 'f:image': {} } } } }),
  ]);
  const kept = ['spec.replicas', 'spec.paused', 'spec.containers[*].image'].map(parseFieldPattern);
  t.deepEqual(withKeptFields(body, live, kept).spec, { paused: true, containers: [{ name: 'web', tty: true }] });
});

test('a kept field that is not there is not stated, and all else stays as it is to be', (t) => {
  const body = deployment({ replicas: 1, template: { metadata: { annotations: { 'a.b/c': '1' } }, tail: 2 } });
  const kept = [parseFieldPattern('spec.template.metadata.annotations["a.b/c"]')];
  t.deepEqual(withKeptFields(body, deployment({ replicas: 3 }), kept).spec, {
    replicas: 1,
    template: { metadata: { annotations: {} }, tail: 2 },
  });
});
