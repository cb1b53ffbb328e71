import type { Forms } from '../form.js';
import { bytes, integer, text } from '../values.js';
import { REVISION_SEQUENCE } from './revisions.js';
import { definedStatus } from './write.js';

/** What a plane begins with: statements of db/bootstrap.ts, partitions.ts, check-key.ts, principals.ts and server/readiness.ts. */
export const planeForms: Forms = {
  'database.ping': () => [{ one: 1 }],
  'readiness.ping': () => [{ one: 1 }],

  'bootstrap.insert-plane': async (run, [incarnation]) => {
    const row = { singleton: true, incarnation: text(incarnation), retainedAfter: 0n, createdAt: run.nowMs };
    return (await run.insertNew(run.tables.plane, row)) ? [{ incarnation: row.incarnation }] : [];
  },

  'bootstrap.read-plane': (run) => run.all(run.tables.plane).map(({ incarnation }) => ({ incarnation })),

  'bootstrap.insert-project': async (run, [id, scopeId, specVersion]) => {
    await run.insert(run.tables.resource, {
      ...{ id: text(id), kind: 'Project', projectId: null, environmentId: null, ownerId: null, scopeId: text(scopeId) },
      ...{ name: 'default', generation: 1, version: 1, specVersion: integer(specVersion), labels: {}, spec: {} },
      ...{ managers: {}, yielded: {}, setIn: {}, leaseKey: null, deletionRequestedAt: null, createdAt: run.nowMs },
      ...{ updatedAt: run.nowMs, deletionForced: false, onDemand: false, onDemandKeep: false },
    });
    return [];
  },

  'bootstrap.insert-status': async (run, [id]) => {
    await run.insert(run.tables.resourceStatus, definedStatus(run, text(id), 1));
    return [];
  },

  'partitions.lock': async (run) => {
    await run.lockAdvisory([20_595n, 0n]);
    return [{}];
  },

  // The simulated table has no partitions, so none is ever missing.
  'partitions.read-state': (run) => {
    const seq = run.engine.lastValue(REVISION_SEQUENCE);
    const current = seq / PARTITION_SIZE;
    return [{ seq, names: [0n, 1n, 2n].map((ahead) => `revision_${current + ahead}`) }];
  },

  'check-key.find-other': (run, [keyId]) => {
    const other = run.all(run.tables.secretValue).find((row) => row.keyId !== keyId);
    return other ? [{ keyId: other.keyId }] : [];
  },

  'principals.authenticate': (run, [hash]) => {
    const { apiToken, principal } = run.tables;
    const tokens = run.rows(apiToken.unique('api_token_hash_key').index, [bytes(hash).toString('hex')]);
    return tokens
      .filter(({ revokedAt }) => revokedAt === null)
      .flatMap(({ principalId }) => run.rows(principal.primary, [principalId]))
      .map(({ id, name, role, projectIds }) => ({ principalId: id, name, role, projectIds: [...projectIds] }));
  },
};

const PARTITION_SIZE = 1_000_000n;
