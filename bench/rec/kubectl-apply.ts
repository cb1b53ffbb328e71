import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findTool } from '../../scripts/tools/find-tool.js';
import type { BenchContext, Sample } from '../case.js';
import { floorWork } from './floor-objects.js';
import type { RecWorld } from './rec-world.js';

let made = 0;

/** What a person does without us: `kubectl apply --server-side` of one file with everything in it, namespaces first. */
export async function kubectlApply(context: BenchContext, world: RecWorld, count: number): Promise<Sample> {
  const tool = await findTool('kubectl');
  if (!tool.found) throw new Error(tool.reason);
  const { namespaces, objects } = floorWork(FIRST + made, count);
  made += count;
  const items = [...namespaces, ...objects].map(({ body }) => {
    const object = JSON.parse(body);
    delete object.metadata.resourceVersion;
    return object;
  });
  const path = join(context.folder, 'kubectl.json');
  await writeFile(path, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  const startMs = performance.now();
  const args = ['apply', '--server-side', '--kubeconfig', world.api.kubeconfigPath, '-f', path];
  const child = spawn(tool.path, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const wallMs = performance.now() - startMs;
  const done = said.split('\n').filter((line) => line.endsWith('serverside-applied')).length;
  return { operations: items.length, wallMs, cpuMs: 0, errors: items.length - done + (code === 0 ? 0 : 1) };
}

/** Of names that no other contender takes. */
const FIRST = 50_000;
