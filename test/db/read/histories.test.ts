import test from 'ava';
import type { Commit } from '../../../db/contract.js';
import { createReadModels } from '../../../db/read/create-read-models.js';
import { isSameJson } from '../../../lib/canonical.js';
import type { Moment } from '../../../lib/moment.js';
import { createSeededRandom } from '../../../lib/random.js';
import { builtInKinds } from '../../../schema/kinds/built-in.js';
import { type PastResource, readProject } from '../../helpers/histories/past-resource.js';
import { randomStep } from '../../helpers/histories/random-history.js';
import { createReplay } from '../../helpers/histories/replay.js';
import { makeChangeset, makeEdit } from '../../helpers/make-edit.js';
import { createTestPlane } from '../../helpers/plane.js';

const HISTORIES = 1_000;
const STEPS = 5;
/** Histories that are made at the same time, so that their commits are mixed in the log. */
const AT_ONCE = 4;
const LONGEST_MS = 600_000;
const SEED = 20261128;

test('a read as of any commit of 1,000 random histories is what was there then, and what a replay from nothing says', async (t) => {
  t.timeout(LONGEST_MS, 'a machine with other work');
  const plane = await createTestPlane();
  t.teardown(() => plane.drop());
  const reads = createReadModels({ database: plane.database, registry: builtInKinds });
  const begin = await plane.feed.head();

  /** What was there after each step that changed something. */
  const seen = new Map<string, (readonly PastResource[])[]>();
  const makeHistory = async (project: string, random: ReturnType<typeof createSeededRandom>) => {
    let now: readonly PastResource[] = [];
    const steps: (readonly PastResource[])[] = [];
    for (let step = 0; step < STEPS; step += 1) {
      await randomStep(plane, project, random, now);
      const next = await readProject(reads, project);
      if (!isSameJson(next, now)) steps.push(next);
      now = next;
    }
    seen.set(project, steps);
  };
  const projects = Array.from({ length: HISTORIES }, (_, index) => `history-${index}`);
  const waiting = projects.map((project, index) => ({ project, random: createSeededRandom(SEED + index) }));
  await inTurns(waiting, ({ project, random }) => makeHistory(project, random));

  const replay = new Map(projects.map((project) => [project, createReplay(builtInKinds)]));
  const moments: { readonly project: string; readonly moment: Moment; readonly expected: readonly PastResource[] }[] =
    [];
  const projectOf = new Map<string, string>();
  const end = await plane.store.commit(makeChangeset([makeEdit.tier('end')]), plane.operator);
  for (const commit of await commitsBefore(end.cursor, plane.feed.changes(begin))) {
    for (const revision of commit.revisions) {
      if (revision.kind === 'Project') projectOf.set(revision.resourceId, revision.name);
    }
    const project = projectOf.get(commit.revisions[0]?.projectId ?? commit.revisions[0]?.resourceId ?? '') ?? '';
    for (const revision of commit.revisions) replay.get(project)?.take(revision);
    const [{ seq, at } = { seq: 0n, at: '' }] = commit.revisions;
    moments.push({ project, moment: { seq, at }, expected: replay.get(project)?.resources() ?? [] });
  }
  for (const project of projects) {
    const replayed = moments.filter((moment) => moment.project === project).map(({ expected }) => expected);
    const steps = seen.get(project) ?? [];
    const at = replayed.findIndex((resources, index) => !isSameJson(resources, steps[index]));
    if (at >= 0) t.deepEqual(replayed[at], steps[at], `${project} after its commit ${at}`);
    t.is(replayed.length, steps.length, project);
  }
  t.true(moments.length > HISTORIES * 3, `${moments.length} commits`);

  await inTurns(moments, async ({ project, moment, expected }) => {
    const past = await readProject(reads.at(moment), project);
    // deepEqual of ava is slow, and left to tell what differs.
    if (!isSameJson(past, expected)) t.deepEqual(past, expected, `${project} at ${moment.seq}`);
  });
  t.log(`${moments.length} commits of ${HISTORIES} histories`);
});

async function commitsBefore(end: string, changes: AsyncIterableIterator<Commit>): Promise<readonly Commit[]> {
  const commits: Commit[] = [];
  for await (const commit of changes) {
    if (commit.cursor === end) break;
    commits.push(commit);
  }
  return commits;
}

async function inTurns<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const rest = [...items].reverse();
  const turn = async () => {
    for (let item = rest.pop(); item !== undefined; item = rest.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, turn));
}
