import { Type } from 'typebox';
import { defineKind, mark } from '../../lib/kind.js';
import { location } from './locations.js';
import { closed, offeredNameOf } from './shapes.js';
import { size } from './sizes.js';

/** What an instance may say, and its definition may give. */
export const databaseParameters = {
  account: Type.Optional(offeredNameOf('CloudAccount')),
  location: Type.Optional(location),
  engine: Type.Optional(
    Type.Union([Type.Literal('postgres'), Type.Literal('mysql'), Type.Literal('mariadb')], {
      description: 'Which database server. A change makes a new one: see `replace`.',
    }),
  ),
  version: Type.Optional(Type.String({ pattern: '^[0-9]+([.][0-9]+)*$', description: 'Of the engine: `17`.' })),
  size: Type.Optional(size),
  storageGb: Type.Optional(Type.Integer({ minimum: 5, maximum: 65_536, description: 'Disk, in GiB. Can only grow.' })),
  port: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 65_535, description: 'Left out: the usual one of the engine.' }),
  ),
  databaseName: Type.Optional(Type.String({ pattern: '^[a-z][a-z0-9_]{0,62}$', description: 'Left out: app.' })),
  user: Type.Optional(Type.String({ pattern: '^[a-z][a-z0-9_]{0,30}$', description: 'Left out: app.' })),
  multiZone: Type.Optional(Type.Boolean({ description: 'A standby in another zone.' })),
  backupDays: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 35, description: 'For how many days backups are kept.' }),
  ),
  deletionProtection: Type.Optional(Type.Boolean({ description: 'Refuses its deletion while true.' })),
  finalSnapshot: Type.Optional(Type.Boolean({ description: 'Keeps a last snapshot when it is deleted.' })),
  replace: Type.Optional(
    Type.Boolean({ description: 'Allows to make a new, empty one where a change cannot be made in place.' }),
  ),
};

export const databaseKind = defineKind({
  name: 'Database',
  plural: 'Databases',
  docs: 'A relational database that its provider runs.',
  scope: 'environment',
  specVersion: 1,
  upgraders: {},
  spec: closed({
    definition: Type.Optional(offeredNameOf('DatabaseDefinition')),
    ...databaseParameters,
  }),
  observed: closed({
    cloudId: Type.Optional(Type.String({ description: 'What its provider calls it.' })),
    state: Type.Optional(Type.String({ description: 'As its provider says: creating, available…' })),
  }),
  outputs: closed({
    host: Type.Optional(Type.String()),
    port: Type.Optional(Type.Integer()),
    name: Type.Optional(Type.String({ description: 'Of the database in it.' })),
    user: Type.Optional(Type.String()),
    password: Type.Optional(Type.String({ ...mark.secret })),
  }),
  references: [
    { path: 'definition', kind: 'DatabaseDefinition', scope: 'project' },
    { path: 'account', kind: 'CloudAccount', scope: 'project' },
  ],
  immutable: ['account', 'location'],
  lease: { per: 'reference', path: 'account' },
  madeBy: 'user',
  definedBy: 'DatabaseDefinition',
  requiredOnceFilled: ['account', 'location', 'engine', 'size', 'storageGb'],
  protectedBy: 'deletionProtection',
  defaults: { account: 'sandbox', location: 'local', size: 'small', storageGb: 20 },
  columns: [
    { header: 'DEFINITION', path: 'spec.definition' },
    { header: 'ENGINE', path: 'spec.engine' },
    { header: 'SIZE', path: 'spec.size' },
    { header: 'HOST', path: 'outputs.host' },
  ],
  fixtures: {
    1: {
      definition: 'small',
      account: 'cloud',
      location: 'europe-frankfurt',
      engine: 'postgres',
      version: '17',
      size: 'small',
      storageGb: 20,
    },
  },
});
