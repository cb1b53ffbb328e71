import anyTest, { type TestFn } from 'ava';
import { createReadModels } from '../../../db/read/create-read-models.js';
import type { ReadModels } from '../../../db/read/read-models.js';
import { whatIf } from '../../../model/what-if.js';
import { why } from '../../../model/why.js';
import { builtInKinds } from '../../../schema/kinds/built-in.js';
import { makeChangeset, makeEdit } from '../../helpers/make-edit.js';
import { createTestPlane, type TestPlane } from '../../helpers/plane.js';

const test = anyTest as TestFn<{ plane: TestPlane; reads: ReadModels }>;

test.before(async (t) => {
  const plane = await createTestPlane();
  t.context = { plane, reads: createReadModels({ database: plane.database, registry: builtInKinds }) };
  await plane.store.commit(
    makeChangeset([
      makeEdit.runtime('local', { spec: { provider: 'sandbox', default: true } }),
      makeEdit.environment('dev'),
      makeEdit.app('shop'),
      makeEdit.instance('shop', 'dev'),
    ]),
    plane.operator,
  );
  for (const statement of crowd) await plane.rows(statement);
});
test.after.always((t) => t.context.plane?.drop());

test('why of one of 50 faults among 10,000 resources takes less than 100 ms', async (t) => {
  const { plane, reads } = t.context;
  const [counted] = await plane.rows<{ count: number }>('select count(*)::int as count from resource');
  t.true((counted?.count ?? 0) >= 10_000, `${counted?.count} resources`);
  const ill = await plane.rows<{ id: string; name: string }>(
    `select id, name from resource where kind = 'AppInstance' and labels @> '{"ill":"true"}' order by name`,
  );
  t.is(ill.length, 50);
  let best = Number.POSITIVE_INFINITY;
  // A machine that does much else makes a round slow, and not all of them.
  for (let round = 0; round < 5 && best >= 100; round++) {
    const times: number[] = [];
    for (const { id, name } of [...ill.slice(0, 5), ...ill]) {
      const startMs = performance.now();
      const graph = await reads.whyGraph(id);
      const { causes } = graph ? why(graph) : { causes: [] };
      times.push(performance.now() - startMs);
      t.is(causes.length, 1, name);
      t.like(causes[0], { reason: 'ImagePullFailed', object: { kind: 'Deployment', name: 'web' } });
      t.deepEqual(
        causes[0]?.path.map(({ kind }) => kind),
        ['AppInstance', 'Workload'],
      );
    }
    const sorted = times.slice(5).toSorted((a, b) => a - b);
    const middle = sorted[25] ?? Number.POSITIVE_INFINITY;
    t.log(`median ${middle.toFixed(1)} ms, slowest ${sorted.at(-1)?.toFixed(1)} ms`);
    best = Math.min(best, middle);
  }
  t.true(best < 100, `${best} ms`);
});

test('why of what everything waits for is bounded, and says that there is more', async (t) => {
  const { plane, reads } = t.context;
  // Asked from above: a deletion waits for all that is there, which is more than anybody reads.
  await plane.rows(`update resource set deletion_requested_at = now() where kind = 'Environment' and name = 'dev'`);
  const [dev] = await plane.rows<{ id: string }>(`select id from resource where kind = 'Environment' and name = 'dev'`);
  const startMs = performance.now();
  const graph = await reads.whyGraph(dev?.id ?? '');
  const readMs = performance.now() - startMs;
  const answer = graph && why(graph);
  const totalMs = performance.now() - startMs;
  t.log(
    `${readMs.toFixed(1)} ms to read and ${(totalMs - readMs).toFixed(1)} ms to explain ${graph?.resources.length} resources`,
  );
  t.is(graph?.resources.length, 1000);
  t.true(answer?.isTruncated);
  await plane.rows(`update resource set deletion_requested_at = null where kind = 'Environment' and name = 'dev'`);
});

test('what if the runtime of 10,000 resources goes counts them all by app', async (t) => {
  const { plane, reads } = t.context;
  const [runtime] = await plane.rows<{ id: string }>(`select id from resource where kind = 'KubernetesRuntime'`);
  const startMs = performance.now();
  const graph = await reads.whatIfGraph([runtime?.id ?? '']);
  const readMs = performance.now() - startMs;
  const { counts, effects, isTruncated } = whatIf(graph);
  const explainMs = performance.now() - startMs - readMs;
  t.log(
    `${readMs.toFixed(0)} ms to read and ${explainMs.toFixed(0)} ms to explain ${graph.resources.length} resources`,
  );
  t.is(counts.length, 1101);
  t.is(effects.length, 500);
  t.true(isTruncated);
  t.true(readMs + explainMs < 5_000);
});

/** 1,100 copies of the app instance with ten workloads each, all well but for every 22nd, and what is about them. */
const crowd = [
  `insert into resource (id, kind, project_id, environment_id, scope_id, name, spec_version, spec, lease_key, labels)
   select md5('instance-' || n)::uuid, i.kind, i.project_id, i.environment_id, i.scope_id, 'shop-' || n, i.spec_version,
     i.spec, 'shard/1', case when n % 22 = 0 then '{"ill":"true"}'::jsonb else '{}' end
   from resource i cross join generate_series(1, 1100) n where i.kind = 'AppInstance' and i.name = 'shop'`,
  `insert into resource (id, kind, project_id, environment_id, owner_id, scope_id, name, spec_version, spec, lease_key)
   select md5(o.name || c)::uuid, w.kind, w.project_id, w.environment_id, o.id, o.id,
     case c when 0 then 'namespace' when 1 then 'web' else 'part-' || c end, w.spec_version, w.spec, w.lease_key
   from resource o cross join generate_series(0, 9) c cross join resource w
   where o.kind = 'AppInstance' and o.name <> 'shop' and w.kind = 'Workload' and w.name = 'web'`,
  `insert into reference (from_id, path, to_id)
   select w.id, 'runtime', (select id from resource where kind = 'KubernetesRuntime') from resource w
   where w.kind = 'Workload' on conflict do nothing`,
  `insert into reference (from_id, path, to_id)
   select w.id, 'after.0', n.id from resource w join resource n on n.owner_id = w.owner_id and n.name = 'namespace'
   where w.kind = 'Workload' and w.name <> 'namespace' on conflict do nothing`,
  `insert into resource_status (resource_id, observed_generation, health, conditions)
   select id, generation, 'Healthy', '[{"type":"Ready","status":"True","reason":"Available","message":"","since":"2026-11-01T00:00:00.000Z"}]'
   from resource where lease_key is not null on conflict (resource_id) do update set health = 'Healthy',
     observed_generation = excluded.observed_generation, conditions = excluded.conditions`,
  `insert into object (resource_id, runtime_id, api_group, api_version, kind, namespace, name, health)
   select w.id, r.id, 'apps', 'v1', 'Deployment', w.owner_id::text, 'web', 'Healthy' from resource w
   join resource r on r.kind = 'KubernetesRuntime' where w.kind = 'Workload' and w.name = 'web' on conflict do nothing`,
  `update object o set health = 'Degraded', reason = 'ImagePullFailed', message = 'Image a:1 of container main cannot be pulled.'
   from resource w join resource i on i.id = w.owner_id
   where w.id = o.resource_id and i.labels @> '{"ill":"true"}'`,
  `update resource_status s set health = 'Degraded', conditions = jsonb_build_array(jsonb_build_object('type', 'Ready',
     'status', 'False', 'reason', 'ImagePullFailed', 'since', '2026-11-01T00:00:00.000Z', 'message',
     case r.kind when 'Workload' then '' else 'web: ' end || 'Deployment/web: Image a:1 of container main cannot be pulled.'))
   from resource r left join resource o on o.id = r.owner_id where r.id = s.resource_id and
     (r.labels @> '{"ill":"true"}' or (r.name = 'web' and o.labels @> '{"ill":"true"}'))`,
  `insert into controller (holder, principal_id, kinds, version)
   values ('test', gen_random_uuid(), '{AppInstance,Workload,KubernetesRuntime}', '1')`,
  `insert into lease (key, epoch, holder, expires_at)
   select distinct lease_key, 1, 'test', now() + interval '1 hour' from resource where lease_key is not null`,
  `insert into event (resource_id, type, reason, message, source)
   select r.id, 'Warning', 'Failed', 'Failed to pull image ' || n, 'test' from resource r cross join generate_series(1, 5) n
   where r.kind = 'Workload'`,
  'analyze',
];
