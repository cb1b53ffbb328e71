import test from 'ava';
import { createReadModels } from '../../../db/read/create-read-models.js';
import { builtInKinds } from '../../../schema/kinds/built-in.js';
import { makeChangeset, makeEdit } from '../../helpers/make-edit.js';
import { createTestPlane } from '../../helpers/plane.js';

test('edges come with what they point to, of many the same one once, and without it where nobody asks', async (t) => {
  const plane = await createTestPlane();
  t.teardown(() => plane.drop());
  const environments = ['one', 'two'].map((name) => makeEdit.environment(name, { spec: { tier: 'test' } }));
  const changeset = makeChangeset([makeEdit.tier('test'), ...environments]);
  const [tier, ...made] = (await plane.store.commit(changeset, plane.operator)).edits.map((edit) => edit.resourceId);
  const reads = createReadModels({ database: plane.database, registry: builtInKinds });
  const found = await reads.references(made, new Set(['name', 'health']));
  for (const id of made) {
    const [edge] = found.get(id) ?? [];
    t.like(edge, { fromId: id, path: 'tier', toId: tier, target: { id: tier, kind: 'Tier', name: 'test' } });
  }
  const [first, second] = made.map((id) => found.get(id)?.[0]?.target);
  t.is(first, second);
  const plain = await reads.references(made);
  t.deepEqual(plain.get(made[0] ?? ''), [{ fromId: made[0], path: 'tier', toId: tier }]);
});
