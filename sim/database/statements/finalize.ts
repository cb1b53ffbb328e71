import type { Forms } from '../form.js';
import type { ObjectRow, ResourceRow } from '../rows.js';
import type { Run } from '../run.js';
import { text, texts } from '../values.js';

export const finalizeForms: Forms = {
  'finalize.forget-objects': async (run, [id]) => {
    const forgotten: object[] = [];
    for (const found of run.find(run.tables.object.byResource, [text(id)])) {
      const row = await run.remove(found);
      if (!row) continue;
      const { runtimeId, apiGroup: group, kind, namespace, name } = row;
      forgotten.push({ runtimeId, group, kind, namespace, name });
    }
    return forgotten;
  },

  'finalize.list-rest': (run, [given]) => {
    const id = text(given);
    const { resource, reference, object } = run.tables;
    const referrers = run.rows(reference.byTo, [id]).flatMap(({ fromId }) => run.one(resource.primary, fromId) ?? []);
    const objectTitle = ({ kind, namespace, name }: ObjectRow) => `${kind}/${namespace}/${name}`;
    const titles = [
      ...run.rows(object.byResource, [id]).map(objectTitle).slice(0, MOST),
      ...run.rows(resource.byOwner, [id]).map(titleOf).slice(0, MOST),
      ...referrers.map(titleOf).slice(0, MOST),
      ...run
        .rows(object.byRuntime, [id])
        .map(({ kind, name }) => `${kind} ${name} on it`)
        .slice(0, MOST),
    ];
    return titles.map((title) => ({ title }));
  },

  'finalize.list-around': (run, [given, kinds]) => {
    const [ids, wanted] = [texts(given), new Set(texts(kinds))];
    const { resource, reference } = run.tables;
    const around = [
      ...run.rows(reference.byFrom, ids).map(({ toId }) => toId),
      ...run.rows(resource.primary, ids).flatMap((row) => [row.projectId, row.environmentId, row.ownerId]),
    ].flatMap((id) => (id === null || ids.includes(id) ? [] : id));
    return run
      .rows(resource.primary, around)
      .filter((row) => wanted.has(row.kind))
      .map(({ id, deletionRequestedAt }) => ({ id, isDeleting: deletionRequestedAt !== null }));
  },

  'finalize.remove': async (run, [ids]) => {
    for (const found of run.find(run.tables.resource.primary, texts(ids))) await run.remove(found);
    return [];
  },

  'finalize.list-free': (run, [ids]) =>
    texts(ids)
      .filter((id) => isFree(run, id))
      .map((id) => ({ id })),
};

/** Of each sort, of what is left. */
const MOST = 20;

const titleOf = ({ kind, name, id }: ResourceRow) => `${kind} ${name} (${id})`;

function isFree(run: Run, id: string): boolean {
  const { resource, reference } = run.tables;
  return (
    run.one(reference.byTo, id) === null &&
    run.one(resource.byOwner, id) === null &&
    run.one(resource.byEnvironment, id) === null &&
    run.one(resource.byProject, id) === null
  );
}
