import type { Forms } from '../form.js';
import type { ReferenceRow, ResourceRow } from '../rows.js';
import type { Run } from '../run.js';
import { integer, texts } from '../values.js';

/** Who refers to what: statements of db/store/offers.ts, refill.ts, settle-on-demand.ts and stored-references.ts. */
export const edgeForms: Forms = {
  'references.list': (run, [ids]) =>
    run.rows(run.tables.reference.byFrom, texts(ids)).map(({ fromId, path, toId }) => ({ fromId, path, toId })),

  'offers.list': (run, [targets]) =>
    referrers(run, texts(targets))
      .filter(({ edge, row }) => edge.path === 'resource' && row.kind === 'Offer' && isStaying(row))
      .sort((a, b) => compare(`${a.row.name}\0${a.row.id}`, `${b.row.name}\0${b.row.id}`))
      .map(({ edge, row }) => ({ id: row.id, targetId: edge.toId })),

  'offers.list-users': (run, [offers]) =>
    referrers(run, texts(offers))
      .flatMap(({ edge, row: { id, kind, name, projectId } }) => {
        const project = projectId === null ? null : run.one(run.tables.resource.primary, projectId);
        return project ? [{ offerId: edge.toId, id, kind, name, project: project.name }] : [];
      })
      .sort((a, b) => compare(`${a.kind}\0${a.name}\0${a.id}`, `${b.kind}\0${b.name}\0${b.id}`))
      .slice(0, MOST_USERS),

  'refill.list-by-definition': (run, [definitions, limit]) =>
    referrers(run, texts(definitions))
      .filter(({ edge, row }) => edge.path === 'definition' && isStaying(row))
      .map(({ row: { id, ownerId } }) => ({ id, ownerId }))
      .sort((a, b) => compare(a.id, b.id))
      .slice(0, integer(limit)),

  'refill.list-by-tier': (run, [tiers]) =>
    referrers(run, texts(tiers))
      .filter(({ edge, row }) => edge.path === 'tier' && row.kind === 'Environment' && isStaying(row))
      .map(({ row: { id } }) => ({ id })),

  'refill.list-by-environment': (run, [environments, limit]) =>
    run
      .rows(run.tables.resource.byEnvironment, texts(environments))
      .filter((row) => row.ownerId === null && isStaying(row))
      .map(({ id, ownerId }) => ({ id, ownerId }))
      .sort((a, b) => compare(a.id, b.id))
      .slice(0, integer(limit)),

  'on-demand.list': (run, [losing]) => {
    const targets = run.rows(run.tables.reference.byFrom, texts(losing)).map(({ toId }) => toId);
    return run
      .rows(run.tables.resource.primary, targets)
      .filter((row) => row.onDemand && isStaying(row))
      .map(({ id }) => ({ id }))
      .sort((a, b) => compare(a.id, b.id));
  },

  'on-demand.list-referrers': (run, [ids]) =>
    referrers(run, texts(ids))
      .filter(({ row }) => isStaying(row))
      .map(({ edge: { fromId, toId } }) => ({ fromId, toId })),
};

const MOST_USERS = 20_000;

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const isStaying = (row: ResourceRow) => row.deletionRequestedAt === null;

function referrers(run: Run, ids: readonly string[]): { readonly edge: ReferenceRow; readonly row: ResourceRow }[] {
  return run.rows(run.tables.reference.byTo, ids).flatMap((edge) => {
    const row = run.one(run.tables.resource.primary, edge.fromId);
    return row ? [{ edge, row }] : [];
  });
}
