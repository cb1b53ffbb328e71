import test, { type ExecutionContext } from 'ava';
import { createSeededRandom } from '../../lib/random.js';
import { createGuardedFolder, removeGuardedFolder } from '../../scripts/children/guard.js';
import { cloudFaults } from './why/cloud-faults.js';
import { clusterFaults } from './why/cluster-faults.js';
import type { ExpectedCause, ObjectFault } from './why/fault-case.js';
import { objectFaults } from './why/object-faults.js';
import { given } from './why/objects.js';
import { passingFaults } from './why/passing-faults.js';
import { type SeenWhy, untilWhy } from './why/until-why.js';
import { type RunningWhyWorld, startWhyWorld } from './why/why-world.js';

/*
 * Faults through the whole stack, all at the same time in one plane: a real server and database, real controllers, and the
 * simulated world. Each is asked about by the live form of `why`, which must name its cause.
 */

const folder = createGuardedFolder('portolan-why-');
let world: RunningWhyWorld;

test.before(async () => {
  world = await startWhyWorld(folder);
});
test.after.always(async () => {
  await world?.close();
  removeGuardedFolder(folder);
});

test.serial('why names that no controller runs, and goes on by itself when one does', async (t) => {
  const { id } = await world.deploy('nobody', [given.component('web', given.configMap('settings'))]);
  const expected = { resource: 'Workload/web', reason: 'NoController', says: /kind Workload has ever reported/ };
  await names(t, id, expected);
  world.startControllers();
  await world.settled(id);
});

for (const [index, fault] of objectFaults.entries()) {
  test(`why names ${fault.title}`, async (t) => {
    const slug = `object-${index}`;
    const { id } = await world.deploy(slug, [componentOf(fault, 'web', slug)], policyOf([fault], [slug]));
    await names(t, id, fault.expected);
  });
}

for (const [index, fault] of [...clusterFaults, ...cloudFaults].entries()) {
  test(`why names ${fault.title}`, async (t) => {
    const { id, mend } = await fault.inject(world, `outside-${index}`);
    await names(t, id, fault.expected);
    if (!mend) return;
    await mend();
    await world.settled(id);
  });
}

const random = createSeededRandom(5);
for (let pair = 0; pair < 10; pair++) {
  const [first, second] = twoOf(objectFaults.filter(({ isWide }) => !isWide));
  test(`pair ${pair + 1} of a seed: why names ${first.title}, and beside it ${second.title}`, async (t) => {
    const slug = `pair-${pair}`;
    const slugs = [`${slug}-one`, `${slug}-two`];
    const components = [componentOf(first, 'one', slugs[0] ?? ''), componentOf(second, 'two', slugs[1] ?? '')];
    const { id } = await world.deploy(slug, components, policyOf([first, second], slugs));
    const why = await untilWhy(
      world.sdk,
      id,
      (seen) => isNamed(seen, first.expected, 'one') && isNamed(seen, second.expected, 'two'),
      `${first.title}, and ${second.title}`,
    );
    t.false(why.isSettled);
  });
}

for (const [index, { title, where, fault }] of passingFaults.entries()) {
  test(`why says settled in the end after ${title}`, async (t) => {
    const slug = `passing-${index}`;
    const objects = [given.configMap('settings'), given.deployment('web')];
    const isCloud = where === 'cloud';
    const place = isCloud ? { account: await world.addAccount(slug) } : { cluster: await world.addRuntime(slug) };
    const faultId = await world.control.setFault({ ...fault, match: { ...fault.match, ...place } });
    const spec = { account: slug, location: 'local', engine: 'postgres', size: 'small', storageGb: 20 };
    const dependencies = isCloud ? [{ name: 'db', kind: 'Database', spec }] : [];
    const runtime = isCloud ? 'main' : slug;
    const { id } = await world.deploy(slug, [given.component('web', ...objects)], { runtime, dependencies });
    await world.settled(id);
    const left = (await world.control.faults()).map((each) => each.id);
    t.false(left.includes(faultId), 'it was hit as often as was asked for');
  });
}

test('there are fifty faults at least', (t) => {
  t.true(objectFaults.length + clusterFaults.length + 1 >= 50, `${objectFaults.length} and ${clusterFaults.length}`);
});

function twoOf(faults: readonly ObjectFault[]): readonly [ObjectFault, ObjectFault] {
  const first = faults[random.below(faults.length)];
  const second = faults[random.below(faults.length)];
  if (!first || !second) throw new Error('There are no faults.');
  return first === second ? twoOf(faults) : [first, second];
}

function componentOf(fault: ObjectFault, name: string, slug: string) {
  return given.component(name, ...fault.objects(name, slug));
}

function policyOf(faults: readonly ObjectFault[], slugs: readonly string[]) {
  const health = faults.flatMap(({ policy }, index) => policy?.(slugs[index] ?? '').health ?? []);
  return health.length > 0 ? { policy: { health } } : {};
}

/** Waits until the cause is named, and nothing that only tells of it is named beside it. */
async function names(t: ExecutionContext, id: string, expected: ExpectedCause): Promise<void> {
  const startMs = Date.now();
  const isAlone = ({ causes }: SeenWhy) => !causes.some(({ reason }) => tellsOfOthers.has(reason));
  const wanted = `told of by ${JSON.stringify(toWords(expected))} without what waits for that`;
  await untilWhy(world.sdk, id, (seen) => isNamed(seen, expected) && isAlone(seen), wanted);
  t.log(`${Date.now() - startMs} ms`);
  t.pass();
}

const tellsOfOthers: ReadonlySet<string> = new Set(['WaitingForDependency', 'ChildNotHealthy']);

function isNamed({ causes }: SeenWhy, { resource, object, reason, says }: ExpectedCause, name?: string): boolean {
  return causes.some((cause) => {
    const title = `${cause.resource.kind}/${cause.resource.name}`;
    if (!fits(title, resource) || !fits(cause.reason, reason) || !says.test(cause.message)) return false;
    if (name !== undefined && cause.resource.name !== name) return false;
    if (object === undefined) return true;
    return cause.object !== null && fits(`${cause.object.kind}/${cause.object.name}`, object);
  });
}

const fits = (text: string, wanted: string | RegExp): boolean =>
  typeof wanted === 'string' ? text === wanted : wanted.test(text);

function toWords({ resource, object, reason, says }: ExpectedCause) {
  return { resource: String(resource), object: String(object), reason: String(reason), says: String(says) };
}
