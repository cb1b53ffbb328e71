import anyTest, { type TestFn } from 'ava';
import type { StatusInput } from '../../../db/contract.js';
import { statement } from '../../../db/statement.js';
import { lockFenced } from '../../../db/store/fence.js';
import { ConflictError, ForbiddenError, NotFoundError } from '../../../lib/errors.js';
import { healths } from '../../../lib/health.js';
import type { StoredCondition } from '../../../model/resource.js';
import { healthOf } from '../../../model/settled.js';
import { eventually } from '../../helpers/eventually.js';
import { makeChangeset, makeEdit } from '../../helpers/make-edit.js';
import { createTestPlane, type TestPlane, type WithPlane } from '../../helpers/plane.js';

const test = anyTest as TestFn<WithPlane>;

test.before(async (t) => {
  t.context.plane = await createTestPlane();
});
test.after.always((t) => t.context.plane?.drop());

async function makeRuntime({ store, operator, lease }: TestPlane, name: string) {
  const { edits } = await store.commit(makeChangeset([makeEdit.runtime(name)]), operator);
  const id = edits[0]?.resourceId ?? '';
  return { id, key: `KubernetesRuntime/${id}`, fence: await lease(`KubernetesRuntime/${id}`) };
}

function makeStatus(given: Partial<StatusInput> & Pick<StatusInput, 'resourceId' | 'fence'>): StatusInput {
  return {
    observedGeneration: 1,
    statusVersion: 0,
    health: 'Healthy',
    conditions: [{ type: 'Ready', status: 'True', reason: 'Available', message: '' }],
    outputs: {},
    observed: { version: 'v1.36.2' },
    consumed: [],
    ...given,
  };
}

const statusOf = async (plane: TestPlane, id: string) =>
  (
    await plane.rows<{ version: number; conditions: StoredCondition[]; is_stale: boolean; outputs: unknown }>(
      'select version, conditions, is_stale, outputs from resource_status where resource_id = $1',
      [id],
    )
  )[0];
const revisionsOf = async (plane: TestPlane, id: string) =>
  (await plane.rows(`select from revision where resource_id = $1 and op = 'status'`, [id])).length;

test('an equal status writes nothing and sends no message', async (t) => {
  const plane = await createTestPlane();
  t.teardown(() => plane.drop());
  const messages = plane.feed.changes(await plane.feed.head());
  const { id, fence } = await makeRuntime(plane, 'equal');
  t.deepEqual(await plane.store.reportStatus(makeStatus({ resourceId: id, fence }), plane.controller), {
    statusVersion: 1,
    isChanged: true,
  });
  const before = await plane.rows('select xmin::text, * from resource_status where resource_id = $1', [id]);
  const again = makeStatus({ resourceId: id, fence, statusVersion: 1 });
  t.deepEqual(await plane.store.reportStatus(again, plane.controller), { statusVersion: 1, isChanged: false });
  t.deepEqual(await plane.rows('select xmin::text, * from resource_status where resource_id = $1', [id]), before);
  t.is(await revisionsOf(plane, id), 1);
  await plane.store.commit(makeChangeset([makeEdit.tier('told-next')]), plane.operator);
  const told: string[] = [];
  for await (const { revisions } of messages) {
    told.push(...revisions.map(({ op, name }) => `${op} ${name}`));
    if (told.at(-1)?.endsWith('told-next')) break;
  }
  t.deepEqual(told, ['created equal', 'status equal', 'created told-next']);
});

test('a status of an older generation or an older status version is refused', async (t) => {
  const plane = t.context.plane;
  const { id, fence } = await makeRuntime(plane, 'older');
  const report = (given: Partial<StatusInput>) =>
    plane.store.reportStatus(makeStatus({ resourceId: id, fence, ...given }), plane.controller);
  await report({});
  await t.throwsAsync(report({ health: 'Degraded' }), {
    instanceOf: ConflictError,
    message: /status .* is at version 1/,
  });
  const spec = { provider: 'sandbox', default: true };
  await plane.store.commit(makeChangeset([makeEdit.runtime('older', { op: 'update', spec })]), plane.operator);
  await t.throwsAsync(report({ statusVersion: 1 }), { instanceOf: ConflictError, message: /is at generation 2/ });
  await report({ statusVersion: 1, observedGeneration: 2 });
  t.is((await statusOf(plane, id))?.version, 2);
});

test('of two reports computed from one status version, one is refused', async (t) => {
  const plane = t.context.plane;
  const { id, fence } = await makeRuntime(plane, 'both');
  const reports = await Promise.allSettled(
    Array.from({ length: 10 }, (_, nodes) =>
      plane.store.reportStatus(makeStatus({ resourceId: id, fence, observed: { nodes } }), plane.controller),
    ),
  );
  t.is(reports.filter((report) => report.status === 'fulfilled').length, 1);
  t.is((await statusOf(plane, id))?.version, 1);
});

test('whoever lost the lease, never had it, or shows another token is refused', async (t) => {
  const plane = t.context.plane;
  const { store, controller, operator, rows } = plane;
  const { id, key, fence } = await makeRuntime(plane, 'fenced');
  const input = makeStatus({ resourceId: id, fence });
  await t.throwsAsync(store.reportStatus(input, operator), { instanceOf: ForbiddenError });
  await t.throwsAsync(store.reportStatus(input, { ...controller, principalId: operator.principalId }), {
    instanceOf: ForbiddenError,
  });
  await t.throwsAsync(store.reportStatus({ ...input, fence: { ...fence, epoch: fence.epoch + 1 } }, controller), {
    instanceOf: ConflictError,
  });
  await t.throwsAsync(store.reportStatus({ ...input, resourceId: operator.principalId }, controller), {
    instanceOf: NotFoundError,
  });
  await rows('update lease set expires_at = now() where key = $1', [key]);
  await t.throwsAsync(store.reportStatus(input, controller), { instanceOf: ConflictError });
  const [taken] = (await store.acquireLeases({ holder: 'another', keys: [key], ttlMs: 60_000 }, controller)).leases;
  t.is(taken?.epoch, fence.epoch + 1);
  await t.throwsAsync(store.reportStatus(input, controller), { instanceOf: ConflictError });
  t.is(await statusOf(plane, id), undefined);
});

test('a takeover of a lease waits for the report that was let in under the old epoch', async (t) => {
  const plane = t.context.plane;
  const { store, controller, rows, database } = plane;
  const { id, key, fence } = await makeRuntime(plane, 'overtaken');
  const order: string[] = [];
  let takeover: Promise<unknown> = Promise.resolve();
  await database.transaction(async (transaction) => {
    await lockFenced(transaction, id, fence, controller);
    // The lease ends while the holder is at work, and another one asks for it at once.
    takeover = expireAndTake().then(() => order.push('taken over'));
    await transaction.query(statement('test.linger', 'select pg_sleep(0.2)'));
    order.push('reported');
  });
  await takeover;
  t.deepEqual(order, ['reported', 'taken over']);

  async function expireAndTake() {
    await rows('update lease set expires_at = now() where key = $1', [key]);
    await store.acquireLeases({ holder: 'another', keys: [key], ttlMs: 60_000 }, controller);
  }
});

test('a status never makes an edit CONFLICT', async (t) => {
  const plane = t.context.plane;
  const { id, fence } = await makeRuntime(plane, 'quiet');
  for (const statusVersion of [0, 1, 2]) {
    await plane.store.reportStatus(
      makeStatus({ resourceId: id, fence, statusVersion, observed: { nodes: statusVersion } }),
      plane.controller,
    );
  }
  const edit = makeEdit.runtime('quiet', {
    op: 'update',
    spec: { provider: 'sandbox' },
    labels: { a: 'b' },
    expectedVersion: 1,
  });
  const { edits } = await plane.store.commit(makeChangeset([edit]), plane.operator);
  t.is(edits[0]?.result, 'updated');
});

test('since is when the status of a condition changed, whatever its reason does', async (t) => {
  const plane = t.context.plane;
  const { id, fence } = await makeRuntime(plane, 'since');
  const report = async (
    statusVersion: number,
    status: 'True' | 'False',
    reason: 'Progressing' | 'Pending' | 'Available',
  ) => {
    const conditions = [{ type: 'Ready', status, reason, message: '' }] as const;
    await plane.store.reportStatus(makeStatus({ resourceId: id, fence, statusVersion, conditions }), plane.controller);
    return (await statusOf(plane, id))?.conditions[0]?.since ?? '';
  };
  const first = await report(0, 'False', 'Pending');
  t.is(await report(1, 'False', 'Progressing'), first);
  const next = await eventually(
    async () => {
      const { statusVersion } = { statusVersion: (await statusOf(plane, id))?.version ?? 0 };
      const flipped = await report(statusVersion, 'True', 'Available');
      if (flipped > first) return flipped;
      await report(statusVersion + 1, 'False', 'Pending');
      throw new Error('Within one millisecond.');
    },
    { timeoutMs: 5000 },
  );
  t.true(next > first);
});

test('who consumes is found by the index alone, however much was written lately', async (t) => {
  const found = await t.context.plane.rows<{ reloptions: readonly string[] }>(
    'select reloptions from pg_class where relname = any($1)',
    [['resource_status_consumed', 'resource_labels']],
  );
  t.deepEqual(
    found.map(({ reloptions }) => reloptions),
    [['fastupdate=off'], ['fastupdate=off']],
  );
});

test('a newer output makes those that consumed the older one stale, until they took it', async (t) => {
  const plane = t.context.plane;
  const producer = await makeRuntime(plane, 'producer');
  const consumer = await makeRuntime(plane, 'consumer');
  const produce = (statusVersion: number, outputs: StatusInput['outputs']) =>
    plane.store.reportStatus(
      makeStatus({ resourceId: producer.id, fence: producer.fence, statusVersion, outputs }),
      plane.controller,
    );
  const consume = async (version: number) => {
    const statusVersion = (await statusOf(plane, consumer.id))?.version ?? 0;
    const consumed = [{ resourceId: producer.id, version }];
    await plane.store.reportStatus(
      makeStatus({ resourceId: consumer.id, fence: consumer.fence, statusVersion, consumed }),
      plane.controller,
    );
  };
  await produce(0, { host: 'a', port: 1 });
  await consume(1);
  t.false((await statusOf(plane, consumer.id))?.is_stale);
  const watch = plane.feed.watch({ kinds: ['KubernetesRuntime'] });
  await watch.next();
  await produce(1, { host: 'b', port: 1 });
  t.deepEqual((await statusOf(plane, producer.id))?.outputs, {
    host: { value: 'b', version: 2 },
    port: { value: 1, version: 1 },
  });
  t.true((await statusOf(plane, consumer.id))?.is_stale);
  await eventually(
    async () => {
      const { value } = await watch.next();
      if (value.type !== 'CHANGED' || value.id !== consumer.id) throw new Error('Another one was woken.');
    },
    { timeoutMs: 5000 },
  );
  await consume(1);
  t.true((await statusOf(plane, consumer.id))?.is_stale);
  await consume(2);
  t.false((await statusOf(plane, consumer.id))?.is_stale);
});

test('where a producer and its consumer report at once, the log tells last how the consumer is', async (t) => {
  const plane = t.context.plane;
  const producer = await makeRuntime(plane, 'at-once-producer');
  const consumer = await makeRuntime(plane, 'at-once-consumer');
  const consumed = [{ resourceId: producer.id, version: 1 }];
  const reportOf = (input: StatusInput) => ({ type: 'status', input }) as const;
  const { id: made, fence: makes } = producer;
  const { id, fence } = consumer;
  await plane.store.reportStatus(
    makeStatus({ resourceId: made, fence: makes, outputs: { host: 'a' } }),
    plane.controller,
  );
  await plane.store.reportStatus(makeStatus({ resourceId: id, fence, consumed }), plane.controller);
  await plane.store.report(
    [
      reportOf(makeStatus({ resourceId: made, fence: makes, statusVersion: 1, outputs: { host: 'b' } })),
      reportOf(makeStatus({ resourceId: id, fence, statusVersion: 1, consumed, health: 'Degraded' })),
    ],
    plane.controller,
  );
  const told = await plane.rows<{ version: number }>(
    `select status_version as version from revision where resource_id = $1 and op = 'status' order by seq, ordinal`,
    [id],
  );
  t.deepEqual(
    told.map(({ version }) => version),
    [1, 2, 3],
  );
  t.is((await statusOf(plane, id))?.version, 3);
});

test('an output that is given no more keeps its last value, makes consumers stale, and may come back', async (t) => {
  const plane = t.context.plane;
  const producer = await makeRuntime(plane, 'vanishing');
  const consumer = await makeRuntime(plane, 'keeping');
  const produce = (statusVersion: number, outputs: StatusInput['outputs']) =>
    plane.store.reportStatus(
      makeStatus({ resourceId: producer.id, fence: producer.fence, statusVersion, outputs }),
      plane.controller,
    );
  await produce(0, { host: 'a', port: 1 });
  const consumed = [{ resourceId: producer.id, version: 1 }];
  await plane.store.reportStatus(
    makeStatus({ resourceId: consumer.id, fence: consumer.fence, consumed }),
    plane.controller,
  );
  await produce(1, { port: 1 });
  t.deepEqual((await statusOf(plane, producer.id))?.outputs, {
    host: { value: 'a', version: 2, isVanished: true },
    port: { value: 1, version: 1 },
  });
  t.true((await statusOf(plane, consumer.id))?.is_stale);
  t.false((await produce(2, { port: 1 })).isChanged, 'The same again writes nothing.');
  await produce(2, { host: 'a', port: 1 });
  t.deepEqual((await statusOf(plane, producer.id))?.outputs, {
    host: { value: 'a', version: 3 },
    port: { value: 1, version: 1 },
  });
});

test('a secret output is a secret of the resource itself, and never plain text', async (t) => {
  const plane = t.context.plane;
  const { store, operator, controller } = plane;
  const { edits } = await store.commit(
    makeChangeset([
      makeEdit.environment('secret-outputs'),
      makeEdit.secret('own', 'secret-outputs'),
      makeEdit.secret('other', 'secret-outputs'),
    ]),
    operator,
  );
  const [, own = '', other = ''] = edits.map(({ resourceId }) => resourceId);
  const fenceOf = async (id: string) => {
    const [row] = await plane.rows<{ key: string }>('select lease_key as key from resource where id = $1', [id]);
    return plane.lease(row?.key ?? '');
  };
  const store1 = async (id: string) =>
    store.storeSecret({ resourceId: id, fence: await fenceOf(id), name: 'outputs/token', value: 'x' }, controller);
  const report = async (outputs: StatusInput['outputs']) =>
    store.reportStatus(makeStatus({ resourceId: own, fence: await fenceOf(own), outputs, observed: {} }), controller);
  await t.throwsAsync(report({ token: 'plain' }), {
    message: /The output token of Secret own is secret: store its value/,
  });
  await t.throwsAsync(report({ token: { $secret: { ...(await store1(other)) } } }), {
    message: /which it does not hold/,
  });
  await t.notThrowsAsync(report({ token: { $secret: { ...(await store1(own)) } } }));
});

test('SQL and the model show the same health for the same facts', async (t) => {
  const { rows } = t.context.plane;
  for (const health of healths) {
    for (const observedGeneration of [1, 2]) {
      for (const isDeleting of [false, true]) {
        for (const isStale of [false, true]) {
          const [row] = await rows<{ health: string }>(
            `select resource_health(2, case when $1::boolean then now() end, $2::int, $3::text, $4::boolean) as health`,
            [isDeleting, observedGeneration, health, isStale],
          );
          const status = { observedGeneration, health, isStale };
          t.is(row?.health, healthOf({ generation: 2, isDeleting, status }), JSON.stringify({ status, isDeleting }));
        }
      }
    }
  }
  const [none] = await rows<{ health: string }>('select resource_health(1, null, null, null, null) as health');
  t.is(none?.health, healthOf({ generation: 1, isDeleting: false, status: null }));
});
