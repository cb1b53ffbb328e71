import test from 'ava';
import type { JsonObject } from '../../../lib/canonical.js';
import { PortolanError } from '../../../lib/errors.js';
import { createSeededRandom } from '../../../lib/random.js';
import type { Changeset, Edit } from '../../../model/changeset.js';
import { makeChangeset, makeEdit } from '../../helpers/make-edit.js';
import { createTestPlane, type TestPlane } from '../../helpers/plane.js';

/** What there is, without what is drawn by chance. */
async function stateOf({ rows }: TestPlane) {
  return {
    resources: await rows(
      `select kind, name, spec, managers, yielded, labels, version, generation from resource order by kind, name`,
    ),
    revisions: await rows(
      `select kind, name, op, generation, version, manager, document -> 'spec' as spec, document -> 'managers' as managers
       from revision order by seq, kind, name`,
    ),
    releases: await rows(
      `select r.name, l.number, l.spec from release l join resource r on r.id = l.app_id order by 1, 2`,
    ),
    changesets: await rows('select manager, edits from changeset order by created_at'),
  };
}

/** Edits by a few managers of a few resources, many of which are refused, for many reasons. */
function randomChangesets(seed: number, count: number): readonly Changeset[] {
  const random = createSeededRandom(seed);
  const chance = (part: number) => random.next() < part;
  const pick = <Item>(...items: readonly Item[]): Item => items[random.below(items.length)] as Item;
  const some = (entries: JsonObject) => Object.fromEntries(Object.entries(entries).filter(() => chance(0.6)));
  const configMap = (name: string) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name },
    data: { fixed: 'x', ...some({ a: pick('1', '2'), b: pick('1', '2') }) },
  });
  const component = (name: string) => ({
    name,
    ...(chance(0.9) ? { type: 'manifests' } : {}),
    objects: ['p', 'q'].filter(() => chance(0.8)).map(configMap),
  });
  const op = () => pick<Edit['op']>('apply', 'apply', 'apply', 'update');
  const version = () => (chance(0.1) ? { expectedVersion: 1 + random.below(3) } : {});
  const app = (name: string) =>
    makeEdit.app(name, {
      op: op(),
      spec: {
        ...(chance(0.5) ? { description: pick('one', 'two') } : {}),
        ...(chance(0.1) ? { typo: 1 } : {}),
        components: ['web', 'db'].filter(() => chance(0.8)).map(component),
      },
      ...version(),
    });
  const tier = (name: string) =>
    makeEdit.tier(name, {
      op: op(),
      spec: { order: pick(1, 2), ...some({ description: pick('one', 'two') }), ...(chance(0.1) ? { order: 'x' } : {}) },
      ...(chance(0.2) ? { labels: { team: pick('a', 'b') } } : {}),
      ...version(),
    });
  const edit = (): Edit => (chance(0.5) ? app(pick('one', 'two')) : tier(pick('low', 'high')));
  return Array.from({ length: count }, () => {
    const edits = Array.from({ length: 1 + random.below(2) }, edit);
    const isPartial = chance(0.2);
    return makeChangeset(
      edits.map((each) => (isPartial && each.op === 'apply' ? { ...each, isPartial } : each)),
      { manager: pick('ann', 'ci', 'file'), takeOver: chance(0.3) },
    );
  });
}

for (const seed of [1, 2, 3]) {
  test(`refused edits leave no trace: a random history is the same as only what was valid of it (seed ${seed})`, async (t) => {
    const [all, valid] = await Promise.all([createTestPlane(), createTestPlane()]);
    t.teardown(() => Promise.all([all.drop(), valid.drop()]));
    let refused = 0;
    for (const changeset of randomChangesets(seed, 60)) {
      try {
        await all.store.commit(changeset, all.operator);
      } catch (error) {
        t.true(error instanceof PortolanError, String(error));
        refused += 1;
        continue;
      }
      await valid.store.commit(changeset, valid.operator);
    }
    t.true(refused > 10 && refused < 50, `${refused} refused`);
    t.deepEqual(await stateOf(all), await stateOf(valid));
  });
}
