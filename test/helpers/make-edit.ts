import type { JsonObject } from '../../lib/canonical.js';
import type { Changeset, Edit } from '../../model/changeset.js';

type Given = Partial<Edit>;

const edit = (kind: string, name: string, spec: JsonObject, given: Given): Edit => ({
  op: 'create',
  kind,
  project: null,
  environment: null,
  name,
  spec,
  ...given,
});

/** One builder per kind: what is not given is the least that is valid. */
export const makeEdit = {
  project: (name: string, given: Given = {}) => edit('Project', name, {}, given),
  tier: (name: string, given: Given = {}) => edit('Tier', name, { order: 1 }, given),
  environment: (name: string, given: Given = {}) => edit('Environment', name, {}, given),
  runtime: (name: string, given: Given = {}) => edit('KubernetesRuntime', name, { provider: 'sandbox' }, given),
  offer: (name: string, given: Given = {}) => edit('Offer', name, {}, given),
  account: (name: string, given: Given = {}) => edit('CloudAccount', name, { provider: 'sandbox' }, given),
  databaseDefinition: (name: string, given: Given = {}) => edit('DatabaseDefinition', name, {}, given),
  database: (name: string, environment: string, given: Given = {}) =>
    edit('Database', name, { engine: 'postgres' }, { environment, ...given }),
  secret: (name: string, environment: string, given: Given = {}) => edit('Secret', name, {}, { environment, ...given }),
  supportService: (name: string, given: Given = {}) => edit('SupportService', name, {}, given),
  supportServiceDefinition: (name: string, given: Given = {}) => edit('SupportServiceDefinition', name, {}, given),
  runtimeDefinition: (name: string, given: Given = {}) => edit('KubernetesRuntimeDefinition', name, {}, given),
  network: (name: string, given: Given = {}) =>
    edit('Network', name, { account: 'cloud', location: 'europe-frankfurt' }, given),
  app: (name: string, given: Given = {}) =>
    edit('App', name, { components: [{ name: 'web', type: 'manifests', objects: [configMap('hello')] }] }, given),
  instance: (name: string, environment: string, given: Given = {}) =>
    edit('AppInstance', name, { app: name }, { environment, ...given }),
  delete: (made: Edit): Edit => {
    const { kind, project, environment, name } = made;
    return { op: 'delete', kind, project, environment, name };
  },
};

export function configMap(name: string, data: JsonObject = { hello: 'world' }): JsonObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
}

export function makeChangeset(edits: readonly Edit[], given: Partial<Changeset> = {}): Changeset {
  return { edits, manager: 'test', takeOver: false, idempotencyKey: null, ...given };
}
