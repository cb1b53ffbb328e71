import type { Forms } from '../form.js';
import type { RevisionRow } from '../rows.js';
import { bigint, iso, json, text, texts } from '../values.js';
import { newestSeq, revisionsAt } from './feed.js';

/** Single reads of db/store/check-outputs.ts, newest-revision.ts, origin-facts.ts, plan-places.ts, secrets.ts, settings.ts and stale-plan.ts. */
export const factForms: Forms = {
  'outputs.list-own-secrets': (run, [resourceId, ids]) => {
    const wanted = new Set(texts(ids));
    const rows = run.rows(run.tables.secretValue.byResource, [text(resourceId)]).filter(({ id }) => wanted.has(id));
    return rows.map(({ id, version }) => ({ id, version }));
  },

  'secrets.list': (run, [ids]) =>
    run
      .rows(run.tables.secretValue.byResource, texts(ids))
      .sort((a, b) => compare(a.id, b.id) || a.version - b.version)
      .map(({ resourceId, path, id, version, hmac }) => ({ resourceId, path, id, version, hmac })),

  'revisions.read-newest': (run) => {
    const seq = newestSeq(run, run.engine.lastValue('revision_seq'));
    return seq === null ? [] : [{ seq }];
  },

  'origin.list-children': (run, [ownerId]) =>
    run
      .rows(run.tables.resource.byOwner, [text(ownerId)])
      .sort((a, b) => compare(a.kind, b.kind) || compare(a.name, b.name))
      .slice(0, MOST_CHILDREN)
      .map(({ id, kind, name }) => ({ id, kind, name })),

  'plan.list-placed': (run, [ids]) =>
    run.rows(run.tables.resource.primary, texts(ids)).map((row) => {
      const { id, kind, name, projectId, environmentId, ownerId } = row;
      return { id, kind, name, projectId, environmentId, ownerId };
    }),

  'settings.list': (run, [addresses]) =>
    json<{ resourceId: string; changesetId: string }[]>(addresses).flatMap(({ resourceId, changesetId }) => {
      const changeset = run.one(run.tables.changeset.primary, changesetId);
      if (!changeset) return [];
      const revision = run
        .rows(run.tables.revision.byResource, [resourceId])
        .find((row) => row.changesetId === changesetId && DESIRED.has(row.op) && row.op !== 'removed');
      const { actor, createdAt } = changeset;
      return [{ resourceId, changesetId, actor, at: iso(createdAt), seq: revision?.seq ?? null }];
    }),

  'stale-plan.list-changed': (run, [given, projects]) => {
    const wanted = new Set(texts(projects));
    const newest = newestSeq(run, run.engine.lastValue('revision_seq')) ?? 0n;
    const since = bigint(given) > newest - LOOKED_BACK ? bigint(given) : newest - LOOKED_BACK;
    const groups = new Map<string, RevisionRow[]>();
    for (let seq = newest; seq > since && seq > 0n; seq -= 1n) {
      for (const row of revisionsAt(run, seq).reverse()) {
        if (!DESIRED.has(row.op) || (row.projectId !== null && !wanted.has(row.projectId))) continue;
        const key = `${row.resourceId}\0${row.kind}\0${row.name}`;
        groups.set(key, [...(groups.get(key) ?? []), row]);
      }
    }
    return [...groups.values()]
      .sort(([a], [b]) => Number((b?.seq ?? 0n) - (a?.seq ?? 0n)) || compare(a?.name ?? '', b?.name ?? ''))
      .slice(0, MOST_CHANGED)
      .flatMap((rows) => changedAnswer(rows));
  },
};

const MOST_CHILDREN = 1000;
const MOST_CHANGED = 500;
const LOOKED_BACK = 20_000n;
const DESIRED: ReadonlySet<string> = new Set(['created', 'updated', 'deletionRequested', 'removed']);

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** The newest first. */
function changedAnswer(rows: readonly RevisionRow[]): object[] {
  const [newest] = rows;
  if (!newest) return [];
  const { resourceId, kind, name, op, actor } = newest;
  const at = iso(Math.max(...rows.map((row) => row.at)));
  return [{ id: resourceId, kind, name, op, isNew: rows.some((row) => row.op === 'created'), actor, at }];
}
