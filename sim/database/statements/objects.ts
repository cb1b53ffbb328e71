import type { ObjectRow as Reported } from '../../../db/contract.js';
import { isSameJson } from '../../../lib/canonical.js';
import type { Forms } from '../form.js';
import type { ObjectRow } from '../rows.js';
import { keyOf } from '../schema.js';
import { json, text } from '../values.js';

export const objectForms: Forms = {
  'objects.write': async (run, [objects]) => {
    const orderKey = (row: Placed) => `${row.resourceId} ${nameKey(row)}`;
    const sorted = json<Placed[]>(objects).toSorted((a, b) => (orderKey(a) < orderKey(b) ? -1 : 1));
    const written: object[] = [];
    for (const { resourceId, runtimeId, ...object } of sorted) {
      const place = { resourceId, runtimeId };
      const now = { since: run.nowMs, updatedAt: run.nowMs };
      const row: ObjectRow = { ...place, ...columnsOf(object), ...now };
      const result = await run.upsert(run.tables.object, 'object_pkey', row, (before) => {
        if (isSame(before, row)) return null;
        return { ...row, since: before.health === row.health ? before.since : run.nowMs };
      });
      if (result)
        written.push({ resourceId, ...nameOf(result.row), state: result.row.state, health: result.row.health });
    }
    return written;
  },

  'objects.remove': async (run, [resourceId, names]) => {
    const id = text(resourceId);
    const removed: object[] = [];
    for (const { group, kind, namespace, name } of json<Name[]>(names)) {
      for (const found of run.find(run.tables.object.primary, [keyOf(id, group, kind, namespace, name)])) {
        const row = await run.remove(found);
        if (row) removed.push(nameOf(row));
      }
    }
    return removed;
  },

  'objects.find-owner': (run, [runtimeId, resourceId, objects]) => {
    for (const { group, kind, namespace, name } of json<Name[]>(objects)) {
      const key = keyOf(text(runtimeId), group, kind, namespace, name);
      const object = run.one(run.tables.object.byRuntimeName, key);
      if (!object || object.resourceId === resourceId) continue;
      const owner = run.one(run.tables.resource.primary, object.resourceId);
      if (!owner) continue;
      const told = { objectKind: object.kind, namespace: object.namespace, objectName: object.name };
      return [{ id: owner.id, kind: owner.kind, name: owner.name, ...told }];
    }
    return [];
  },
};

type Placed = Reported & { readonly resourceId: string; readonly runtimeId: string };
type Name = Pick<Reported, 'group' | 'kind' | 'namespace' | 'name'>;

const nameKey = ({ group, kind, namespace, name }: Name) => keyOf(group, kind, namespace, name);

const nameOf = ({ apiGroup: group, kind, namespace, name }: ObjectRow) => ({ group, kind, namespace, name });

function columnsOf(object: Reported): Omit<ObjectRow, 'resourceId' | 'runtimeId' | 'since' | 'updatedAt'> {
  return {
    apiGroup: object.group,
    apiVersion: object.version,
    kind: object.kind,
    namespace: object.namespace,
    name: object.name,
    state: object.state,
    origin: object.origin,
    uid: object.uid,
    appliedHash: object.appliedHash,
    health: object.health,
    reason: object.reason,
    message: object.message,
    drift: object.drift,
  };
}

function isSame(before: ObjectRow, after: ObjectRow): boolean {
  const { since: _, updatedAt: __, ...left } = before;
  const { since: ___, updatedAt: ____, ...right } = after;
  return isSameJson(left, right);
}
