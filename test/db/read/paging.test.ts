import anyTest, { type TestFn } from 'ava';
import { createReadModels } from '../../../db/read/create-read-models.js';
import { encodeCursor } from '../../../db/read/cursor.js';
import type { ResourceOrder } from '../../../db/read/filters.js';
import type { Page } from '../../../db/read/page.js';
import type { ReadModels } from '../../../db/read/read-models.js';
import { builtInKinds } from '../../../schema/kinds/built-in.js';
import { makeChangeset, makeEdit } from '../../helpers/make-edit.js';
import { createTestPlane, type TestPlane } from '../../helpers/plane.js';

const test = anyTest as TestFn<{ plane: TestPlane; reads: ReadModels; shop: string }>;

test.before(async (t) => {
  const plane = await createTestPlane();
  const reads = createReadModels({ database: plane.database, registry: builtInKinds });
  // Committed together, so that created_at and updated_at are the same for all; names repeat in three environments.
  const environments = ['a', 'b', 'c'].map((name) => makeEdit.environment(name));
  const apps = ['blog', 'cart', 'shop'].map((name) => makeEdit.app(name));
  const instances = environments.flatMap((environment) =>
    apps.map((app) => makeEdit.instance(app.name, environment.name)),
  );
  const runtime = makeEdit.runtime('r', { spec: { provider: 'sandbox', default: true } });
  const { edits } = await plane.store.commit(
    makeChangeset([runtime, ...environments, ...apps, ...instances]),
    plane.operator,
  );
  t.context = { plane, reads, shop: edits.at(-1)?.resourceId ?? '' };
});
test.after.always((t) => t.context.plane?.drop());

for (const order of ['NAME', 'CREATED_DESC', 'UPDATED_DESC'] as const satisfies readonly ResourceOrder[]) {
  test(`pages of 2 in the order ${order} give every instance once, though their sort keys are equal`, async (t) => {
    const { reads } = t.context;
    const list = (first: number, after: string | null) =>
      reads.listResources({ kinds: ['AppInstance'] }, { first, after, order }, new Set(['name']));
    const whole = await list(100, null);
    t.is(whole.rows.length, 9);
    t.false(whole.hasNextPage);
    t.deepEqual(
      (await allPages((after) => list(2, after))).map(({ id }) => id),
      whole.rows.map(({ id }) => id),
    );
    if (order === 'NAME') {
      t.deepEqual(
        whole.rows.map(({ name }) => name),
        ['blog', 'blog', 'blog', 'cart', 'cart', 'cart', 'shop', 'shop', 'shop'],
      );
    }
  });
}

test('a page that ends with the last row says that there is no next one', async (t) => {
  const page = await t.context.reads.listResources(
    { kinds: ['AppInstance'] },
    { first: 9, after: null, order: 'NAME' },
    new Set(),
  );
  t.is(page.rows.length, 9);
  t.false(page.hasNextPage);
});

test('a row that goes while one pages neither repeats nor loses others', async (t) => {
  const { reads, plane } = t.context;
  const tiers = ['t1', 't2', 't3', 't4'].map((name) => makeEdit.tier(name));
  await plane.store.commit(makeChangeset(tiers), plane.operator);
  const list = (after: string | null) =>
    reads.listResources({ kinds: ['Tier'] }, { first: 2, after, order: 'NAME' }, new Set(['name']));
  const first = await list(null);
  const last = first.rows.at(-1);
  if (!last) throw new Error('No row.');
  const [, second] = tiers;
  if (!second) throw new Error('No tier.');
  await plane.store.commit(makeChangeset([makeEdit.delete(second)]), plane.operator);
  t.deepEqual(
    (await list(first.cursorOf(last))).rows.map(({ name }) => name),
    ['t3', 't4'],
  );
});

test('each of many parents has pages of its own children', async (t) => {
  const { reads, shop } = t.context;
  const other = (
    await reads.listResources({ kinds: ['AppInstance'] }, { first: 1, after: null, order: 'NAME' }, new Set())
  ).rows[0];
  const ids = [shop, other?.id ?? ''];
  const pages = await reads.relatives('children', ids, { first: 1, after: null }, new Set(['name', 'ownerId']));
  for (const id of ids) {
    const page = pages.get(id);
    t.deepEqual(
      page?.rows.map(({ ownerId, name }) => [ownerId, name]),
      [[id, 'namespace']],
    );
    t.true(page?.hasNextPage);
  }
  const page = pages.get(shop);
  const [row] = page?.rows ?? [];
  const next = await reads.relatives(
    'children',
    [shop],
    { first: 5, after: page && row ? page.cursorOf(row) : null },
    new Set(['name']),
  );
  t.deepEqual(
    next.get(shop)?.rows.map(({ name }) => name),
    ['web'],
  );
  t.deepEqual(await reads.countRelatives('children', ids), new Map(ids.map((id) => [id, 2])));
});

test('objects, events and revisions are paged in their own orders', async (t) => {
  const { plane, reads, shop } = t.context;
  const workload = (
    await plane.rows<{ id: string; lease_key: string }>(
      `select id, lease_key from resource where owner_id = $1 and name = 'web'`,
      [shop],
    )
  )[0];
  const runtime = (await plane.rows<{ id: string }>(`select id from resource where kind = 'KubernetesRuntime'`))[0];
  if (!workload || !runtime) throw new Error('No workload.');
  const fence = await plane.lease(workload.lease_key);
  const report = (names: readonly string[]) =>
    plane.store.reportObjects(
      {
        resourceId: workload.id,
        runtimeId: runtime.id,
        fence,
        absent: [],
        objects: names.map((name) => ({
          group: '',
          version: 'v1',
          kind: 'ConfigMap',
          namespace: 'n',
          name,
          state: 'present',
          origin: 'created',
          uid: null,
          appliedHash: null,
          health: 'Healthy',
          reason: null,
          message: '',
          drift: null,
        })),
      },
      plane.controller,
    );
  await report(['b', 'a', 'c']);
  await plane.store.recordEvents(
    {
      resourceId: workload.id,
      fence,
      source: 'test',
      events: ['1', '2', '3'].map((message) => ({ type: 'Normal', reason: 'Tried', message, object: '' })),
    },
    plane.controller,
  );
  const ids = [workload.id];
  const objects = await allPages(async (after) => (await reads.objects(ids, { first: 2, after })).get(workload.id));
  t.deepEqual(
    objects.map(({ name }) => name),
    ['a', 'b', 'c'],
  );
  // Of one transaction, so at one time: only their ids tell them apart.
  const events = await allPages(async (after) => (await reads.eventsOf(ids, { first: 2, after })).get(workload.id));
  t.deepEqual(
    events.map(({ message }) => message),
    ['3', '2', '1'],
  );
  const listed = await allPages((after) =>
    reads.listEvents({ resourceId: shop, withChildren: true }, { first: 2, after }),
  );
  t.deepEqual(listed, events);
  t.is(await reads.countEvents({ resourceId: shop }), 0);
  t.is(await reads.countEvents({ environment: 'c', project: 'default', type: 'Normal' }), 3);
  const revisions = await allPages(async (after) =>
    (await reads.revisionsOf(ids, { first: 1, after })).get(workload.id),
  );
  t.is((await reads.countRevisionsOf(ids)).get(workload.id), revisions.length);
  t.is(revisions.at(-1)?.op, 'created');
  t.regex(revisions[0]?.cursor ?? '', new RegExp(`^${plane.plane.incarnation}:\\d+$`));
});

const forged: readonly { readonly title: string; readonly cursor: string }[] = [
  { title: 'a text that is no base64', cursor: '%%%' },
  {
    title: 'another order',
    cursor: encodeCursor({ tag: 'c', keys: [] }, ['2026-11-22 10:00:00+00', crypto.randomUUID()]),
  },
  { title: 'keys of other types', cursor: encodeCursor({ tag: 'n', keys: [] }, ['a', 'not-a-uuid']) },
  { title: 'too few keys', cursor: encodeCursor({ tag: 'n', keys: [] }, ['a']) },
  { title: 'SQL', cursor: encodeCursor({ tag: 'n', keys: [] }, ["'; drop table resource", "'"]) },
  { title: 'a NUL', cursor: encodeCursor({ tag: 'n', keys: [] }, ['\0', crypto.randomUUID()]) },
  { title: 'JSON of another form', cursor: Buffer.from('{"n":1}').toString('base64url') },
];
for (const { title, cursor } of forged) {
  test(`a cursor with ${title} is refused before it reaches the database`, async (t) => {
    await t.throwsAsync(
      async () => t.context.reads.listResources({}, { first: 1, after: cursor, order: 'NAME' }, new Set()),
      { code: 'BAD_USER_INPUT', message: /not a cursor of this list/ },
    );
  });
}

async function allPages<Row>(read: (after: string | null) => Promise<Page<Row> | undefined>): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (let after: string | null = null; ; ) {
    const page: Page<Row> | undefined = await read(after);
    const last = page?.rows.at(-1);
    if (!page || last === undefined) return rows;
    rows.push(...page.rows);
    if (!page.hasNextPage) return rows;
    after = page.cursorOf(last);
  }
}
