import test from 'ava';
import { Type } from 'typebox';
import { createReadModels } from '../../../db/read/create-read-models.js';
import { createKindRegistry, defineKind } from '../../../lib/kind.js';
import { builtInKinds } from '../../../schema/kinds/built-in.js';
import { closed } from '../../../schema/kinds/shapes.js';
import { tierKind } from '../../../schema/kinds/tier.js';
import { createTestGraph } from '../../helpers/graph.js';
import { makeChangeset, makeEdit } from '../../helpers/make-edit.js';
import { createTestPlane } from '../../helpers/plane.js';

test('a spec of an older version is read as one of today', async (t) => {
  const plane = await createTestPlane();
  t.teardown(() => plane.drop());
  const { edits } = await plane.store.commit(
    makeChangeset([makeEdit.tier('dev', { spec: { order: 10 } })]),
    plane.operator,
  );
  const newer = defineKind({
    ...tierKind,
    specVersion: 2,
    upgraders: { 1: (spec) => ({ rank: Object(spec).order }) },
    spec: closed({ rank: Type.Integer() }),
  });
  const registry = createKindRegistry(builtInKinds.kinds.map((kind) => (kind.name === 'Tier' ? newer : kind)));
  const reads = createReadModels({ database: plane.database, registry });
  const [row] = await reads.resourcesByIds([edits[0]?.resourceId ?? ''], new Set(['spec']));
  t.like(row, { spec: { rank: 10 }, specVersion: 2 });
  t.deepEqual(
    {
      ...(
        await createTestGraph(plane, registry).data<{ tier: object }>(
          '{ tier(name: "dev") { spec { rank } specVersion } }',
        )
      ).tier,
    },
    { spec: { rank: 10 }, specVersion: 2 },
  );
});

test('what is of a kind that this program does not know is as if it were not there', async (t) => {
  const plane = await createTestPlane();
  t.teardown(() => plane.drop());
  const { edits } = await plane.store.commit(makeChangeset([makeEdit.tier('dev')]), plane.operator);
  const id = edits[0]?.resourceId ?? '';
  await plane.rows(`update resource set kind = 'Ghost' where id = $1`, [id]);
  const graph = createTestGraph(plane);
  const { resources, node } = await graph.data<{ resources: { totalCount: number; nodes: object[] }; node: null }>(
    `{ resources(filter: { names: ["dev"] }) { totalCount nodes { id } } node(id: "${id}") { id } }`,
  );
  t.is(resources.totalCount, 0);
  t.is(resources.nodes.length, 0);
  t.is(node, null);
});
