import anyTest, { type TestFn } from 'ava';
import type { JsonObject } from '../../../lib/canonical.js';
import { BadInputError, ConflictError } from '../../../lib/errors.js';
import type { KeptField } from '../../../model/changeset.js';
import { makeChangeset, makeEdit } from '../../helpers/make-edit.js';
import { createTestPlane, type TestPlane, type WithPlane } from '../../helpers/plane.js';

const test = anyTest as TestFn<WithPlane>;

test.before(async (t) => {
  t.context.plane = await createTestPlane();
});
test.after.always((t) => t.context.plane?.drop());

const path = 'components[web].objects[Deployment/web].spec.template.spec.containers[web].image';

function deployment(image: string, more: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { template: { spec: { containers: [{ name: 'web', image, ...more }] } } },
  };
}
const appSpec = (image: string) => ({
  components: [{ name: 'web', type: 'manifests', objects: [deployment(image, { args: ['-v'] })] }],
});
const imageOnly = (image: string) => ({ components: [{ name: 'web', objects: [deployment(image)] }] });
const imageOf = (spec: unknown) => JSON.stringify(spec).match(/nginx:\d/)?.[0];

const applyAs =
  ({ store, operator }: TestPlane, name: string) =>
  async (manager: string, spec: JsonObject, given: { takeOver?: boolean; isPartial?: boolean } = {}) => {
    const { takeOver = false, isPartial = false } = given;
    const edit = makeEdit.app(name, { op: 'apply', spec, ...(isPartial ? { isPartial } : {}) });
    const [applied] = (await store.commit(makeChangeset([edit], { manager, takeOver }), operator)).edits;
    return applied;
  };
const stored = async ({ rows }: TestPlane, name: string) =>
  (
    await rows<{ spec: JsonObject; managers: JsonObject; yielded: JsonObject; version: number }>(
      `select spec, managers, yielded, version from resource where kind = 'App' and name = $1`,
      [name],
    )
  )[0];

test('CI sets an image, the file that states the old one is applied again, and the image stays and is told', async (t) => {
  const { plane } = t.context;
  const apply = applyAs(plane, 'image');
  await apply('file', appSpec('nginx:1'));
  await apply('ci', imageOnly('nginx:2'), { takeOver: true, isPartial: true });
  const again = await apply('file', appSpec('nginx:1'));
  t.is(again?.result, 'unchanged');
  const [kept, ...more] = again?.kept ?? [];
  t.deepEqual(more, []);
  t.like(kept, { path, manager: 'ci', stated: 'nginx:1', actual: 'nginx:2', isSecret: false });
  const [revision] = await plane.rows<{ seq: bigint; id: string }>(
    `select seq, changeset_id as id from revision where name = 'image' order by seq desc limit 1`,
  );
  t.like(kept?.set, {
    actor: 'operator',
    changesetId: revision?.id,
    cursor: `${plane.plane.incarnation}:${revision?.seq}`,
  });
  t.is(imageOf((await stored(plane, 'image'))?.spec), 'nginx:2');
});

test('a plan tells what would be kept, and what would be refused', async (t) => {
  const { plane } = t.context;
  const { store, operator } = plane;
  const apply = applyAs(plane, 'planned');
  await apply('file', appSpec('nginx:1'));
  await apply('ci', imageOnly('nginx:2'), { takeOver: true, isPartial: true });
  const plan = (image: string) =>
    store.plan(
      makeChangeset([makeEdit.app('planned', { op: 'apply', spec: appSpec(image) })], { manager: 'file' }),
      operator,
    );
  const same = await plan('nginx:1');
  t.is(same.steps[0]?.action, 'none');
  t.like(same.steps[0]?.kept[0], { path, manager: 'ci', stated: 'nginx:1', actual: 'nginx:2' });
  const other = await plan('nginx:3');
  t.deepEqual(
    other.refusals.map(({ code }) => code),
    ['CONFLICT'],
  );
});

test('a new value for the field of another is a CONFLICT that names field, manager, values and revision', async (t) => {
  const { plane } = t.context;
  const apply = applyAs(plane, 'contested');
  await apply('file', appSpec('nginx:1'));
  await apply('ci', imageOnly('nginx:2'), { takeOver: true, isPartial: true });
  const before = await stored(plane, 'contested');
  const error = await t.throwsAsync(apply('file', appSpec('nginx:3')), {
    instanceOf: ConflictError,
    message: /web\]\.image \(set by ci to "nginx:2" since 2\S+Z, revision \d+; you state "nginx:3"\)/,
  });
  t.is(error.details.next, '--take-over');
  t.like((error.details.conflicts as readonly KeptField[])[0], { path, manager: 'ci', stated: 'nginx:3' });
  t.deepEqual(await stored(plane, 'contested'), before);
  t.is((await apply('file', appSpec('nginx:3'), { takeOver: true }))?.result, 'updated');
  t.is(imageOf((await stored(plane, 'contested'))?.spec), 'nginx:3');
});

test('a conflict in one edit keeps all others of the changeset from being written', async (t) => {
  const { plane } = t.context;
  const { store, operator, rows } = plane;
  await applyAs(plane, 'spoiled')('file', appSpec('nginx:1'));
  const edits = [makeEdit.tier('beside'), makeEdit.app('spoiled', { op: 'apply', spec: appSpec('nginx:2') })];
  await t.throwsAsync(store.commit(makeChangeset(edits, { manager: 'ci' }), operator), { instanceOf: ConflictError });
  t.deepEqual(await rows(`select from resource where name = 'beside'`), []);
});

test('that a manager states what another one set is remembered without a new version or revision', async (t) => {
  const { plane } = t.context;
  const apply = applyAs(plane, 'shared');
  await apply('file', appSpec('nginx:1'));
  const log = () => plane.rows(`select seq from revision where name = 'shared'`);
  const revisions = await log();
  const same = await apply('cli', appSpec('nginx:1'));
  t.deepEqual([same?.result, same?.kept], ['unchanged', []]);
  t.deepEqual(await log(), revisions);
  t.like(await stored(plane, 'shared'), { version: 1, yielded: { components: { cli: { same: true } } } });
  await apply('file', { description: 'empty', ...appSpec('nginx:2') });
  t.is((await apply('cli', appSpec('nginx:1')))?.kept.length, 1);
});

test('a secret that another manager changed is kept, and what was stated instead is not stored', async (t) => {
  const { store, operator, rows } = t.context.plane;
  const apply = async (manager: string, token: string, takeOver = false) => {
    const cluster = { server: 'https://203.0.113.7', token };
    const edit = makeEdit.runtime('kept-secret', { op: 'apply', spec: { provider: 'kubeconfig', cluster } });
    return (await store.commit(makeChangeset([edit], { manager, takeOver }), operator)).edits[0];
  };
  const versions = () =>
    rows(`select v.version from secret_value v join resource r on r.id = v.resource_id where r.name = 'kept-secret'`);
  await apply('file', 'token-one');
  await apply('ci', 'token-two', true);
  const stored = await versions();
  const again = await apply('file', 'token-one');
  t.like(again?.kept[0], { path: 'cluster.token', manager: 'ci', isSecret: true, stated: null, actual: null });
  t.deepEqual(await versions(), stored);
  const error = await t.throwsAsync(apply('file', 'token-three'), {
    instanceOf: ConflictError,
    message: /another secret/,
  });
  t.notRegex(JSON.stringify([error.message, error.details, again]), /token-(one|two|three)|\$secret|\$hash/);
});

test('a part of an item is refused where there is no whole', async (t) => {
  const { plane } = t.context;
  await t.throwsAsync(applyAs(plane, 'partial')('ci', imageOnly('nginx:2')), {
    instanceOf: BadInputError,
    message: /type of App is missing/,
  });
});

test('an error is about the item as it is stated, wherever it stands after the merge', async (t) => {
  const { plane } = t.context;
  const apply = applyAs(plane, 'moved');
  await apply('file', appSpec('nginx:1'));
  const other = { name: 'other', type: 'manifests', objects: [deployment('nginx:1')], typo: 1 };
  const error = await t.throwsAsync(apply('ci', { components: [other] }), { instanceOf: BadInputError });
  t.deepEqual(error.details.path, ['edits', 0, 'spec', 'components', 0, 'typo']);
});

test('a manager whose name is that of a layer is BAD_USER_INPUT', async (t) => {
  const { plane } = t.context;
  const error = await t.throwsAsync(applyAs(plane, 'layered')('layer:tier/dev', appSpec('nginx:1')), {
    instanceOf: BadInputError,
    message: /layer: is for layers/,
  });
  t.deepEqual(error.details.path, ['manager']);
});

test('only an apply can be partial', async (t) => {
  const { store, operator } = t.context.plane;
  const edit = { ...makeEdit.tier('partial'), isPartial: true };
  await t.throwsAsync(store.commit(makeChangeset([edit]), operator), { instanceOf: BadInputError, message: /partial/ });
});
