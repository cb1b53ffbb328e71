import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from '../tools/config.js';
import { createTestCounter, type TestCounts } from './test-counts.js';

/** Runs ava with its report on our output. A run that fails without a test that does has one failure: itself. */
export async function runAva(args: readonly string[], env: Readonly<Record<string, string>>): Promise<TestCounts> {
  const cli = fileURLToPath(new URL('./cli.js', import.meta.resolve('ava')));
  const colour = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
  const child = spawn(process.execPath, [cli, ...args], {
    env: childEnvironment({ ...colour, ...env }),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const counter = createTestCounter();
  createInterface({ input: child.stdout }).on('line', (line) => {
    counter.read(line);
    process.stdout.write(`${line}\n`);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const counts = counter.counts();
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}
