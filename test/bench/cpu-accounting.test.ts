import { spawn } from 'node:child_process';
import { once } from 'node:events';
import test from 'ava';
import { createCpuMeter } from '../../bench/harness/cpu-meter.js';
import { parseProcessStat, sumOfTrees } from '../../bench/harness/process-times.js';

const line = (pid: number, name: string, parent: number, times: string) =>
  `${pid} (${name}) S ${parent} 1 1 0 -1 4194560 1 2 3 4 ${times} 20 0 1 0 100 1000 10 18446744073709551615`;

test('a line of /proc is read, whatever the name of the process holds', (t) => {
  t.deepEqual(parseProcessStat(line(42, 'post) (gres: 1 2', 7, '10 20 300 4000')), {
    pid: 42,
    parent: 7,
    ticks: 4330,
  });
  t.is(parseProcessStat(''), null);
  t.is(parseProcessStat('42 (half'), null);
});

test('the time of a tree is that of its root and of all below it, each once, and of nobody else', (t) => {
  const processes = [
    { pid: 1, parent: 0, ticks: 1000 },
    { pid: 10, parent: 1, ticks: 1 },
    { pid: 11, parent: 10, ticks: 10 },
    { pid: 12, parent: 11, ticks: 100 },
  ];
  t.is(sumOfTrees(processes, [10]), 111);
  t.is(sumOfTrees(processes, [10, 11]), 111, 'a root below another root is counted once');
  t.is(sumOfTrees(processes, [12, 99]), 100, 'a root that has ended counts nothing');
});

test('what a child used is still counted when it has ended', async (t) => {
  const busy = 'const end = performance.now() + 200; while (performance.now() < end);';
  const meter = createCpuMeter(() => [process.pid]);
  const startMs = meter.readMs();
  const child = spawn(process.execPath, ['-e', busy]);
  await once(child, 'close');
  t.true(meter.readMs() - startMs > 0);
});
