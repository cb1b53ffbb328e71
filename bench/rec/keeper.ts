import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchContext } from '../case.js';
import type { Child } from '../harness/child.js';
import { floorLabel, floorWork } from './floor-objects.js';
import type { RecWorld } from './rec-world.js';
import { runFloor, startFloorChild } from './run-floor.js';

/** The bare client that watches and patches, and the objects that it keeps. */
export interface Keeper {
  readonly child: Child;
  /** Where each kept ConfigMap is. */
  readonly namespaces: readonly string[];
  /** Asks for another color of the ConfigMap with this number. */
  change(index: number, color: string): Promise<void>;
}

/** Makes `count` instances as a bare client, and a source for each, and starts the keeper. */
export async function startKeeper(context: BenchContext, world: RecWorld, count: number): Promise<Keeper> {
  const { server, caPem, tokens } = world.api;
  const { namespaces, objects } = floorWork(FIRST, count);
  const access = { server, caPem, token: tokens.floor };
  const workPath = join(context.folder, 'kept-all.json');
  await writeFile(workPath, JSON.stringify([namespaces, objects]));
  await runFloor('kube-writer', { ...access, workPath, concurrency: 16 }, context.signal);
  const settings = objects.filter(({ path }) => path.includes('/configmaps/'));
  const keptPath = join(context.folder, 'kept.json');
  await writeFile(keptPath, JSON.stringify(settings));

  const { look } = world;
  await look.send('POST', '/api/v1/namespaces', { metadata: { name: SOURCE } });
  for (let index = 0; index < count; index += 1) {
    const metadata = { name: `source-${index}`, labels: { 'bench-source': '' } };
    await look.send('POST', `/api/v1/namespaces/${SOURCE}/configmaps`, { metadata });
  }
  const child = await startFloorChild(
    'kube-keeper',
    { ...access, label: floorLabel, workPath: keptPath },
    context.signal,
  );
  return {
    child,
    namespaces: settings.map(({ path }) => path.split('/')[4] ?? ''),
    async change(index, color) {
      const { status } = await look.send(
        'PATCH',
        sourcePath(index),
        { data: { color } },
        'application/merge-patch+json',
      );
      if (status !== 200) throw new Error(`The source ${index} could not be changed: ${status}`);
    },
  };
}

/** Of names that no other contender takes. */
const FIRST = 70_000;
const SOURCE = 'bench-source';
const sourcePath = (index: number) => `/api/v1/namespaces/${SOURCE}/configmaps/source-${index}`;
