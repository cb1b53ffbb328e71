import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchContext, Sample } from '../case.js';
import { hashOfState, instanceOf, readCluster } from './cluster-state.js';
import { floorLabel, floorWork } from './floor-objects.js';
import { instanceName } from './load-app.js';
import type { RecWorld } from './rec-world.js';
import { runFloor } from './run-floor.js';

let made = 0;

/** A client that has nothing to find out: the bodies that controllers would apply, so many at a time as they do. */
export async function bareWrites(context: BenchContext, world: RecWorld, count: number): Promise<Sample> {
  const first = context.isSmoke ? made : 0;
  made += count;
  const { namespaces, objects } = floorWork(first, count);
  const workPath = join(context.folder, 'floor-work.json');
  await writeFile(workPath, JSON.stringify([namespaces, objects]));
  const { server, caPem, tokens } = world.api;
  const config = { server, caPem, token: tokens.floor, workPath, concurrency: CONCURRENCY };
  const result = await runFloor<WriterResult>('kube-writer', config, context.signal);
  if (result.firstError !== null) context.tell(result.firstError);
  const names = new Set(Array.from({ length: count }, (_, index) => instanceName(first + index)));
  const seen = (await readCluster(world.look, floorLabel)).filter((object) => names.has(instanceOf(object)));
  const { operations, wallMs, cpuMs, errors } = result;
  return { operations, wallMs, cpuMs, errors, answerHash: hashOfState(seen) };
}

/** Workloads that are worked on at a time in one cluster: controllers/start-controllers.ts. */
const CONCURRENCY = 48;

interface WriterResult {
  readonly operations: number;
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly errors: number;
  readonly firstError: string | null;
}
