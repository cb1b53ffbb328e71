import type { ReadModels } from '../../../db/read/read-models.js';
import type { SimulatedConnection } from '../connection.js';
import { iso, isoOrNull } from '../values.js';
import { nonEmpty } from './relative-reads.js';

type RecordReads = Pick<
  ReadModels,
  'incarnation' | 'attempts' | 'openIntents' | 'releases' | 'deployments' | 'leaseHolder'
>;

export function createRecordReads(database: SimulatedConnection): RecordReads {
  return {
    incarnation: () =>
      database.read('read.incarnation', (run) => {
        const [plane] = run.all(run.tables.plane);
        if (!plane) throw new Error('The database has no plane in it. Was it bootstrapped?');
        return plane.incarnation;
      }),

    attempts: (ids) =>
      database.read('read.attempts', (run) =>
        nonEmpty(ids, (id) => {
          const row = run.one(run.tables.attempt.primary, id);
          if (!row || row.count === 0) return null;
          return { ...row, nextRetryAt: isoOrNull(row.nextRetryAt), updatedAt: iso(row.updatedAt) };
        }),
      ),

    openIntents: (ids) =>
      database.read('read.open-intents', (run) =>
        nonEmpty(ids, (resourceId) => {
          const open = run.rows(run.tables.intent.byResource, [resourceId]).filter((row) => row.resolvedAt === null);
          open.sort((a, b) => a.begunAt - b.begunAt || (a.id < b.id ? -1 : 1));
          if (open.length === 0) return null;
          return open.map(({ id, action, token, begunAt, outcome }) => {
            const ageMs = run.nowMs - begunAt;
            return { resourceId, id, action, token, begunAt: iso(begunAt), ageMs, resolvedAt: null, outcome };
          });
        }),
      ),

    releases: (appIds, { first, after }) =>
      database.read('read.releases', (run) =>
        nonEmpty(appIds, (id) => {
          const rows = run.rows(run.tables.release.byApp, [id]).filter((row) => after === null || row.number < after);
          const shown = rows.sort((a, b) => b.number - a.number).slice(0, first);
          return shown.length === 0 ? null : shown.map((row) => ({ ...row, createdAt: iso(row.createdAt) }));
        }),
      ),

    deployments: (instanceIds, { first, after }) =>
      database.read('read.deployments', (run) =>
        nonEmpty(instanceIds, (id) => {
          const all = run.rows(run.tables.appDeployment.byInstance, [id]);
          const rows = all.filter((row) => after === null || row.number < after);
          const shown = rows.sort((a, b) => b.number - a.number).slice(0, first);
          if (shown.length === 0) return null;
          return shown.map(({ appId: _, createdAt, ...row }) => ({ ...row, createdAt: iso(createdAt) }));
        }),
      ),

    leaseHolder: (key) =>
      database.read('read.lease-holder', (run) => {
        const row = run.one(run.tables.lease.primary, key);
        if (!row || row.holder === null || row.principalId === null || row.expiresAt <= run.clockMs) return null;
        return { holder: row.holder, principalId: row.principalId, epoch: Number(row.epoch) };
      }),
  };
}
