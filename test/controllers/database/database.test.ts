import test from 'ava';
import { database } from '../../../controllers/database/database.js';
import type { SpecOf } from '../../../lib/kind.js';
import type { databaseKind } from '../../../schema/kinds/database.js';
import { makeCloud } from '../cloud/make-cloud.js';

type Spec = SpecOf<typeof databaseKind>;
const least: Spec = { account: 'cloud', location: 'local', engine: 'mysql', size: 'small', storageGb: 20 };
const of = (rest: Partial<Spec> = {}) => makeCloud.resource<Spec>('Database', { ...least, ...rest });

test('states every property, with what is usual where nobody says anything', (t) => {
  t.deepEqual(database.propertiesOf(makeCloud.look(of())), {
    engine: 'mysql',
    engineVersion: '8.4',
    size: 'small',
    storageGb: 20,
    port: 3306,
    databaseName: 'app',
    user: 'app',
    isMultiZone: false,
    backupDays: 0,
    isProtected: false,
    finalSnapshot: false,
  });
});

test('honours what is stated', (t) => {
  const stated = { version: '8.0', port: 6000, databaseName: 'shop', user: 'me', multiZone: true, backupDays: 7 };
  t.like(database.propertiesOf(makeCloud.look(of({ ...stated, deletionProtection: true, finalSnapshot: true }))), {
    engineVersion: '8.0',
    port: 6000,
    databaseName: 'shop',
    user: 'me',
    isMultiZone: true,
    backupDays: 7,
    isProtected: true,
    finalSnapshot: true,
  });
});

test('keeps the version of its engine, and not that of the engine before', (t) => {
  const versionWith = (properties: { engine: string; engineVersion: string }) =>
    database.propertiesOf(makeCloud.look(of(), { seen: makeCloud.seen({ properties }) })).engineVersion;
  t.is(versionWith({ engine: 'mysql', engineVersion: '8.0.40' }), '8.0.40');
  t.is(versionWith({ engine: 'postgres', engineVersion: '17' }), '8.4');
});

test('gives where it is and the reference of its password, once it is there', (t) => {
  const kept = { password: makeCloud.secret('s') };
  t.deepEqual(database.outputsOf(makeCloud.look(of(), { kept })), {});
  const attributes = { host: 'db', port: 3306, databaseName: 'app', user: 'app' };
  const look = makeCloud.look(of(), { kept, seen: makeCloud.seen({ attributes }) });
  t.deepEqual(database.outputsOf(look), { host: 'db', port: 3306, name: 'app', user: 'app', password: kept.password });
  t.deepEqual(database.propertiesOf(look).password, kept.password);
});

test('is made anew, and so emptied, only where that is allowed', (t) => {
  t.false(database.mayReplace(least));
  t.true(database.mayReplace({ ...least, replace: true }));
  t.true(database.immutable.includes('engine'));
});
