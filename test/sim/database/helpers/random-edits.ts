import type { Random } from '../../../../lib/random.js';
import type { Changeset, Edit } from '../../../../model/changeset.js';
import { configMap, makeChangeset, makeEdit } from '../../../helpers/make-edit.js';

/** Few names, so that edits meet what is there, what is not, and each other. Some of what comes out is refused. */
export function randomChangeset(random: Random): Changeset {
  const one = <Item>(...items: readonly Item[]): Item => items[random.below(items.length)] as Item;
  const edits = Array.from({ length: 1 + random.below(2) }, () => one(...builders)(random));
  const key = random.below(6) === 0 ? `key-${random.below(3)}` : null;
  return makeChangeset(edits, {
    manager: one('ann', 'file', 'ci'),
    takeOver: one(true, true, true, false),
    idempotencyKey: key,
  });
}

/** Most of what random edits name. */
export const beginning: Changeset = makeChangeset([
  ...[0, 1].flatMap((index) => [
    makeEdit.tier(`tier-${index}`),
    makeEdit.runtime(`runtime-${index}`, { spec: { provider: 'sandbox', default: index === 0 } }),
    makeEdit.app(`app-${index}`),
    makeEdit.environment(`env-${index}`),
    makeEdit.databaseDefinition(`def-${index}`, { spec: { defaults: { engine: 'postgres' } } }),
  ]),
  makeEdit.project('other'),
]);

const name = (random: Random, kind: string) => `${kind}-${random.below(2)}`;
const maybe = <Value extends object>(random: Random, value: Value): Value | object =>
  random.below(2) === 0 ? value : {};
const op = (random: Random): Edit['op'] => (['create', 'update'] as const)[random.below(16)] ?? 'apply';

const builders: readonly ((random: Random) => Edit)[] = [
  (random) => makeEdit.tier(name(random, 'tier'), { op: op(random), spec: { order: random.below(3) } }),
  (random) =>
    makeEdit.environment(name(random, 'env'), {
      op: op(random),
      spec: {
        ...maybe(random, { tier: name(random, 'tier') }),
        ...maybe(random, { runtime: name(random, 'runtime') }),
      },
      ...maybe(random, { labels: { team: name(random, 'team') } }),
    }),
  (random) =>
    makeEdit.runtime(name(random, 'runtime'), {
      op: op(random),
      spec: { provider: 'sandbox', ...maybe(random, { default: random.below(2) === 0 }) },
    }),
  (random) =>
    makeEdit.app(name(random, 'app'), {
      op: op(random),
      spec: {
        components: Array.from({ length: 1 + random.below(3) }, (_, index) => ({
          name: `part-${index}`,
          type: 'manifests',
          objects: [configMap(`map-${random.below(2)}`, { text: `${random.below(3)}` })],
        })),
        dependencies:
          random.below(2) === 0
            ? []
            : [{ name: 'db', kind: 'Database', definition: name(random, 'def'), spec: { storageGb: 60 } }],
      },
    }),
  (random) =>
    makeEdit.databaseDefinition(name(random, 'def'), {
      op: op(random),
      spec: { defaults: { engine: 'postgres', storageGb: 20 + random.below(3) } },
    }),
  (random) =>
    makeEdit.database(name(random, 'db'), name(random, 'env'), {
      op: op(random),
      spec: { ...maybe(random, { definition: name(random, 'def') }), engine: 'postgres' },
    }),
  (random) =>
    makeEdit.secret(name(random, 'secret'), name(random, 'env'), {
      op: op(random),
      spec: { values: { token: `value ${random.below(3)}` } },
    }),
  (random) => makeEdit.account(name(random, 'account'), { op: op(random), spec: { provider: 'sandbox' } }),
  (random) =>
    makeEdit.offer(name(random, 'offer'), {
      op: op(random),
      spec: { resource: { kind: 'DatabaseDefinition', name: name(random, 'def') }, to: ['other'] },
    }),
  instance,
  instance,
  instance,
  (random) => {
    const made = [
      makeEdit.instance(name(random, 'app'), name(random, 'env')),
      makeEdit.database(name(random, 'db'), name(random, 'env')),
      makeEdit.secret(name(random, 'secret'), name(random, 'env')),
      makeEdit.environment(name(random, 'env')),
      makeEdit.app(name(random, 'app')),
      makeEdit.offer(name(random, 'offer')),
    ][random.below(6)];
    const going = makeEdit.delete(made ?? makeEdit.tier('tier-0'));
    return random.below(3) === 0 ? { ...going, force: true } : going;
  },
];

function instance(random: Random): Edit {
  const ops = ['deploy', 'deploy', 'deploy', 'apply'] as const;
  return makeEdit.instance(name(random, 'app'), name(random, 'env'), { op: ops[random.below(4)] ?? 'deploy' });
}
