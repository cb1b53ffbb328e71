import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import test from 'ava';
import { eventually } from '../helpers/eventually.js';

const guard = new URL('../../scripts/children/guard.js', import.meta.url).href;

/** Starts a child that waits, makes a folder, says which, and waits itself. */
const parentProgram = `
import { createGuardedFolder, spawnGuarded } from '${guard}';
const child = spawnGuarded(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
const folder = createGuardedFolder('portolan-guard-');
console.log(JSON.stringify({ pid: child.pid, folder }));
if (process.argv[1] === 'stay') setInterval(() => {}, 1000);
`;

for (const signal of ['SIGKILL', 'SIGTERM', 'SIGINT'] as const) {
  test(`a child and a folder go when their process gets ${signal}`, async (t) => {
    const { parent, pid, folder } = await givenParent('stay');
    t.true(isAlive(pid) && existsSync(folder));
    parent.kill(signal);
    await gone(pid, folder);
    t.pass();
  });
}

test('a child does not keep its process alive, and goes with it', async (t) => {
  const { parent, pid, folder } = await givenParent('leave');
  if (parent.exitCode === null) await once(parent, 'exit');
  t.is(parent.exitCode, 0);
  await gone(pid, folder);
});

async function givenParent(what: 'stay' | 'leave') {
  const parent = spawn(process.execPath, ['--input-type=module', '-e', parentProgram, what], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  const { pid, folder } = JSON.parse(line) as { pid: number; folder: string };
  return { parent, pid, folder };
}

async function gone(pid: number, folder: string): Promise<void> {
  await eventually(
    () => {
      if (isAlive(pid)) throw new Error(`process ${pid} is still there`);
      if (existsSync(folder)) throw new Error(`${folder} is still there`);
    },
    { timeoutMs: 20_000 },
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
