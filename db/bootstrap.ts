import type { KindRegistry } from '../lib/kind.js';
import type { Random } from '../lib/random.js';
import { planeScopeId } from '../model/resource.js';
import type { Database, Transaction } from './database.js';
import { ensurePartitions } from './partitions.js';
import { statement } from './statement.js';
import { appendRevisions } from './store/revisions.js';

export interface Plane {
  /** Tells cursors of this database from those of another. */
  readonly incarnation: string;
}

/**
 * Gives a migrated database what every plane has: its incarnation and the project `default`. Does nothing the second
 * time; several servers may call it at once.
 */
export async function bootstrap(database: Database, registry: KindRegistry, random: Random): Promise<Plane> {
  await ensurePartitions(database);
  return database.transaction(async (transaction) => {
    const [made] = await transaction.query(insertPlane, [random.uuid()]);
    if (made) await makeDefaultProject(transaction, registry, random);
    const [plane] = await transaction.query(readPlane);
    if (!plane) throw new Error('The row of the table plane is gone. Restore the database from a backup.');
    return plane;
  });
}

/** Who does what nobody asked for. */
const SYSTEM = 'portolan';

const insertPlane = statement<Plane>(
  'bootstrap.insert-plane',
  'insert into plane (incarnation) values ($1) on conflict do nothing returning incarnation',
);
const readPlane = statement<Plane>('bootstrap.read-plane', 'select incarnation from plane');
const insertProject = statement(
  'bootstrap.insert-project',
  `insert into resource (id, kind, scope_id, name, spec_version, spec) values ($1, 'Project', $2, 'default', $3, '{}')`,
);
const insertStatus = statement(
  'bootstrap.insert-status',
  `insert into resource_status (resource_id, observed_generation, version, health, conditions) values ($1, 1, 1, 'Healthy',
     jsonb_build_array(jsonb_build_object('type', 'Ready', 'status', 'True', 'reason', 'Defined', 'message', '',
       'since', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))))`,
);

async function makeDefaultProject(transaction: Transaction, registry: KindRegistry, random: Random): Promise<void> {
  const kind = registry.find('Project');
  if (!kind) throw new Error('The kind Project is not registered.');
  const id = random.uuid();
  await transaction.query(insertProject, [id, planeScopeId, kind.specVersion]);
  await transaction.query(insertStatus, [id]);
  await appendRevisions(transaction, [
    {
      changesetId: null,
      resourceId: id,
      kind: kind.name,
      projectId: null,
      environmentId: null,
      ownerId: null,
      name: 'default',
      leaseKey: null,
      op: 'created',
      generation: 1,
      version: 1,
      statusVersion: 1,
      actor: SYSTEM,
      manager: null,
      before: null,
      after: { labels: {}, health: 'Healthy', isDeleting: false },
      document: { spec: {}, labels: {}, managers: {} },
    },
  ]);
}
