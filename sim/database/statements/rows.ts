import type { Form, Forms } from '../form.js';
import type { Strength } from '../lock.js';
import type { ResourceRow, ResourceStatusRow } from '../rows.js';
import type { Found, Run } from '../run.js';
import { keyOf } from '../schema.js';
import { isoOrNull, json, text, texts, type Values } from '../values.js';

interface Place {
  readonly kind: string;
  readonly scopeId: string;
  readonly name: string;
}

const placeOf = ({ kind, scopeId, name }: Place) => keyOf(kind, scopeId, name);

/** What is looked for, and whether a newer version of what was found is still that. */
type Search = (run: Run, values: Values) => readonly [Found<ResourceRow>[], (row: ResourceRow) => boolean];

const searches: Readonly<Record<string, Search>> = {
  'by-id': (run, [ids]) => [run.find(run.tables.resource.primary, texts(ids)), () => true],
  'by-owner': (run, [owners]) => {
    const wanted = new Set(texts(owners));
    return [run.find(run.tables.resource.byOwner, wanted), ({ ownerId }) => ownerId !== null && wanted.has(ownerId)];
  },
  'at-place': (run, [kind, scopeId, name]) => {
    const wanted = placeOf({ kind: text(kind), scopeId: text(scopeId), name: text(name) });
    return [run.find(run.tables.resource.byPlace, [wanted]), (row) => placeOf(row) === wanted];
  },
  'by-place': (run, [places]) => {
    const wanted = new Set(json<Place[]>(places).map(placeOf));
    return [run.find(run.tables.resource.byPlace, wanted), (row) => wanted.has(placeOf(row))];
  },
};

const modes: Readonly<Record<string, Strength | null>> = {
  refer: 'keyShare',
  read: 'share',
  edit: 'noKeyUpdate',
  remove: 'update',
  none: null,
};

export const rowForms: Forms = Object.fromEntries(
  Object.entries(searches).flatMap(([name, search]) =>
    Object.entries(modes).map(([mode, strength]) => [`rows.${name}.${mode}`, lockingForm(search, strength)]),
  ),
);

function lockingForm(search: Search, strength: Strength | null): Form {
  return async (run, values) => {
    const [found, matches] = search(run, values);
    found.sort((a, b) => (a.row.id < b.row.id ? -1 : 1));
    // The status is not locked, so it stays as it was when the statement began.
    const statuses = new Map(found.map(({ row }) => [row.id, run.one(run.tables.resourceStatus.primary, row.id)]));
    const rows = strength ? await run.lock(found, strength, matches) : found;
    return rows.map(({ row }) => answer(row, statuses.get(row.id) ?? null));
  };
}

function answer(row: ResourceRow, status: ResourceStatusRow | null): object {
  return {
    id: row.id,
    kind: row.kind,
    projectId: row.projectId,
    environmentId: row.environmentId,
    ownerId: row.ownerId,
    scopeId: row.scopeId,
    name: row.name,
    generation: row.generation,
    version: row.version,
    specVersion: row.specVersion,
    labels: row.labels,
    spec: row.spec,
    managers: row.managers,
    yielded: row.yielded,
    setIn: row.setIn,
    leaseKey: row.leaseKey,
    deletionRequestedAt: isoOrNull(row.deletionRequestedAt),
    isDeletionForced: row.deletionForced,
    isOnDemand: row.onDemand,
    isKept: row.onDemandKeep,
    statusVersion: status?.version ?? null,
    observedGeneration: status?.observedGeneration ?? null,
    health: status?.health ?? null,
    isStale: status?.isStale ?? null,
  };
}
