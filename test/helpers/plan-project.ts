import type { JsonObject } from '../../lib/canonical.js';
import type { Edit } from '../../model/changeset.js';
import { makeEdit } from './make-edit.js';

/** Edits in a project of its own: a runtime, an environment, and an app `shop` of one component. */
export function inProject(project: string) {
  const put = (edit: Edit): Edit => ({ ...edit, project, op: edit.op === 'create' ? 'apply' : edit.op });
  const app = (name: string, ...objects: readonly JsonObject[]) =>
    put(makeEdit.app(name, { spec: { components: [{ name: 'web', type: 'manifests', objects: [...objects] }] } }));
  return {
    base: [
      { ...makeEdit.project(project), op: 'apply' as const },
      put(makeEdit.runtime('main', { spec: { provider: 'sandbox', default: true } })),
      put(makeEdit.environment('dev')),
    ],
    app: (...objects: readonly JsonObject[]) => app('shop', ...objects),
    deploy: put(makeEdit.instance('shop', 'dev', { op: 'deploy' })),
    put,
  };
}

export function dbSecret(value: string): JsonObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db' }, stringData: { password: value } };
}
