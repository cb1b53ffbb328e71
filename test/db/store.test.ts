import anyTest, { type TestFn } from 'ava';
import { ConflictError, NotFoundError } from '../../lib/errors.js';
import { makeChangeset, makeEdit } from '../helpers/make-edit.js';
import { createTestPlane, type WithPlane } from '../helpers/plane.js';

const test = anyTest as TestFn<WithPlane>;

test.before(async (t) => {
  t.context.plane = await createTestPlane();
});
test.after.always((t) => t.context.plane?.drop());

test('one changeset makes an app with all that it needs, and a workload for each component', async (t) => {
  const { store, operator, rows } = t.context.plane;
  const committed = await store.commit(
    makeChangeset([
      makeEdit.instance('shop', 'dev-a'),
      makeEdit.app('shop'),
      makeEdit.runtime('runtime-a', { spec: { provider: 'sandbox' } }),
      makeEdit.environment('dev-a', { spec: { runtime: 'runtime-a' } }),
    ]),
    operator,
  );
  t.deepEqual(
    committed.edits.map((edit) => edit.result),
    ['created', 'created', 'created', 'created'],
  );
  const [instance, , runtime] = committed.edits;
  const children = await rows<{ name: string; lease_key: string; spec: { release: number; runtime: string } }>(
    'select name, lease_key, spec from resource where owner_id = $1 order by name',
    [instance?.resourceId ?? ''],
  );
  t.deepEqual(
    children.map((child) => child.name),
    ['namespace', 'web'],
  );
  t.true(children.every((child) => child.lease_key === `KubernetesRuntime/${runtime?.resourceId}`));
  t.true(children.every((child) => child.spec.release === 1 && child.spec.runtime === 'runtime-a'));
  const seqs = await rows('select distinct seq from revision where changeset_id = $1', [committed.changesetId]);
  t.is(seqs.length, 1);
});

test('of 50 concurrent creates of one name one wins and 49 get CONFLICT', async (t) => {
  const { store, operator, rows } = t.context.plane;
  const results = await Promise.allSettled(
    Array.from({ length: 50 }, () => store.commit(makeChangeset([makeEdit.tier('contended')]), operator)),
  );
  t.is(results.filter((result) => result.status === 'fulfilled').length, 1);
  const refused = results.filter((result) => result.status === 'rejected');
  t.true(
    refused.every((result) => result.reason instanceof ConflictError),
    String(refused[0]?.reason),
  );
  t.is((await rows(`select from resource where kind = 'Tier' and name = 'contended'`)).length, 1);
});

test('what refers to something that is not there is refused, and nothing is written', async (t) => {
  const { store, operator, rows } = t.context.plane;
  const error = await t.throwsAsync(
    store.commit(
      makeChangeset([makeEdit.tier('left-out'), makeEdit.environment('lonely', { spec: { runtime: 'nowhere' } })]),
      operator,
    ),
    { instanceOf: NotFoundError },
  );
  t.deepEqual(error.details.path, ['edits', 1, 'spec', 'runtime']);
  t.deepEqual(await rows(`select from resource where name in ('left-out', 'lonely')`), []);
});
