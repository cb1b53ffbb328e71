import type { BenchCase, BenchContext, Sample } from '../case.js';
import { compiled } from '../harness/child.js';
import { createCpuMeter } from '../harness/cpu-meter.js';
import { fasterThan, figureAtMost } from '../harness/goals.js';
import { openBenchPlane } from '../harness/plane.js';
import { graphAt } from '../live/graph.js';
import { makeTiers, tierName } from '../live/make-tiers.js';
import { type Peer, startPeer, startTold } from '../live/peers.js';
import { startRedis } from '../live/redis.js';
import { runFaulted } from '../live/run-faulted.js';
import { createWriters } from '../live/writers.js';

const FAULTED = 'ours, with faults';
const FLOOR = 'cursor tail';

/** The log, read as fast as it goes, and read to the last entry while much goes wrong. */
export const feedLossless: BenchCase = {
  name: 'feed.lossless',
  what: 'one entry of the log read by the feed; with faults: one entry at each of five subscribers of `changes`, writes at 70 % of what was measured',
  goals: [fasterThan(FLOOR, 0.5), figureAtMost('caughtUpMs', 'ms', 2_000, FAULTED)],
  open,
};

const OBJECTS = 500;

async function open(context: BenchContext) {
  const { isSmoke, signal, tell } = context;
  await using opened = new AsyncDisposableStack();
  const redis = await startRedis();
  opened.defer(() => redis.close());
  const env = { REDIS_URL: redis.url };
  const plane = await openBenchPlane(context, { env });
  opened.defer(() => plane.close());
  const { database, databaseUrl, postgresPid } = plane;
  const graph = graphAt(plane.server, plane.tokens.operator);
  await makeTiers(graph, OBJECTS);
  const names = Array.from({ length: OBJECTS }, (_, index) => tierName(index));
  tell('filling the log');
  const after = await newest();
  await database.query({ name: 'bench.fill-log', text: fillLog }, [isSmoke ? 5 : 200]);
  const upTo = await newest();

  async function newest(): Promise<bigint> {
    const [row] = await database.query<{ newest: bigint }>({
      name: 'bench.newest',
      text: 'select last_value as newest from revision_seq',
    });
    return row?.newest ?? 0n;
  }
  const config = { databaseUrl };
  const ours = await startTold(compiled('bench', 'live', 'feed-main.js'), { config, signal });
  opened.defer(() => ours.close());
  const floor = await startPeer('cursor-tail', { config, signal });
  opened.defer(() => floor.close());
  const readAll = async (peer: Peer): Promise<Sample> => {
    const meter = createCpuMeter(() => [peer.pid, postgresPid]);
    const cpuMs = meter.readMs();
    const range = { after: String(after), upTo: String(upTo) };
    const { rows, wallMs } = await peer.tell<{ rows: number; wallMs: number }>('/read', range);
    const errors = Math.abs(rows - Number(upTo - after));
    return { operations: rows, wallMs, cpuMs: meter.readMs() - cpuMs, errors };
  };

  const writers = createWriters(graph, names);
  let perSecond = 0;
  const tail = await plane.startServer({ env });
  let killable = tail;
  opened.defer(() => killable.close());
  const closing = opened.move();
  return {
    rounds: 3,
    contenders: [
      {
        name: 'ours',
        role: 'ours' as const,
        warm: async () => void (await readAll(ours)),
        measure: () => readAll(ours),
      },
      {
        name: FLOOR,
        role: 'floor' as const,
        warm: async () => void (await readAll(floor)),
        measure: () => readAll(floor),
      },
      {
        name: FAULTED,
        role: 'peer' as const,
        async warm() {
          await writers.closedLoop(isSmoke ? 500 : 3_000, WRITERS);
          const { changes, wallMs } = await writers.closedLoop(isSmoke ? 1_000 : 5_000, WRITERS);
          perSecond = (changes * 1000) / wallMs;
          tell(`${Math.round(perSecond)} changes each second at most`);
        },
        measure: () =>
          runFaulted({
            plane,
            redis,
            writers,
            graph,
            perSecond: perSecond * LOAD,
            forMs: isSmoke ? 8_000 : 60_000,
            pauseMs: isSmoke ? 1_500 : 5_000,
            tail: () => killable,
            async revive(port) {
              killable = await plane.startServer({ env: { ...env, PORTOLAN_PORT: String(port) } });
            },
            tell,
          }),
      },
    ],
    close: () => closing.disposeAsync(),
  };
}

const WRITERS = 8;
const LOAD = 0.7;

/** What is in the log already, over and over: each entry under a number of its own, as most commits are. */
const fillLog = `insert into revision (seq, ordinal, changeset_id, resource_id, kind, project_id, environment_id, owner_id,
    name, lease_key, op, generation, version, status_version, actor, manager, before, after, document)
  select nextval('revision_seq'), 0, changeset_id, resource_id, kind, project_id, environment_id, owner_id,
    name, lease_key, op, generation, version, status_version, actor, manager, before, after, document
  from revision, generate_series(1, $1) where kind = 'Tier'`;
