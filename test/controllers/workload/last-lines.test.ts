import test from 'ava';
import { createLastLines } from '../../../controllers/workload/last-lines.js';
import type { LogsOptions } from '../../../drivers/kubernetes/driver.js';
import { createManualClock } from '../../../lib/clock.js';
import { eventually } from '../../helpers/eventually.js';

const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web-a', namespace: 'dev', uid: 'uid-a' } };
const end = (restarts: number, given: object = {}) => ({
  pod,
  container: 'main',
  restarts,
  isPrevious: true,
  ...given,
});

/** Logs that are read from what the test says; all that were asked for are noted. */
function createSource(logs: (options: LogsOptions) => AsyncIterable<string>) {
  const asked: LogsOptions[] = [];
  const clock = createManualClock();
  const driver = {
    logs(options: LogsOptions) {
      asked.push(options);
      return logs(options);
    },
  };
  return { asked, clock, from: { driver, clock, signal: new AbortController().signal } };
}

async function* lines(...all: string[]) {
  yield* all;
}

test('the end of the run before is read once for each run of a container', async (t) => {
  const { asked, from } = createSource(() => lines('a', `run ${asked.length}`));
  const lastLines = createLastLines();
  t.is(lastLines.of(pod, 'main'), '');
  await lastLines.read([end(1)], from);
  await lastLines.read([end(1)], from);
  t.is(lastLines.of(pod, 'main'), 'a\nrun 1');
  await lastLines.read([end(2)], from);
  t.is(lastLines.of(pod, 'main'), 'a\nrun 2');
  t.deepEqual(
    asked.map(({ namespace, pod: name, container, previous, tailLines, follow }) => [
      namespace,
      name,
      container,
      previous,
      tailLines,
      follow,
    ]),
    Array(2).fill(['dev', 'web-a', 'main', true, 3, false]),
  );
});

test('a log that cannot be had is empty, and waits for the next run', async (t) => {
  const { asked, from } = createSource(() => {
    throw new Error('The node is away.');
  });
  const lastLines = createLastLines();
  await lastLines.read([end(1)], from);
  await lastLines.read([end(1)], from);
  t.is(lastLines.of(pod, 'main'), '');
  t.is(asked.length, 1);
});

test('a log that does not come holds up a pass for two seconds at most', async (t) => {
  const { asked, clock, from } = createSource(async function* ({ signal }) {
    yield 'first';
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  });
  const lastLines = createLastLines();
  const reading = lastLines.read([end(1)], from);
  await eventually(
    () => {
      if (asked.length === 0) throw new Error('Nothing was asked.');
    },
    { timeoutMs: 5_000 },
  );
  clock.step(2_000);
  await reading;
  t.is(lastLines.of(pod, 'main'), 'first');
});

test('a few logs are read at a time, and lines that never end are cut', async (t) => {
  const { asked, from } = createSource(() => lines('x'.repeat(10_000)));
  const lastLines = createLastLines();
  const many = ['a', 'b', 'c', 'd', 'e'].map((container) => end(1, { container }));
  await lastLines.read([...many, ...many], from);
  t.is(asked.length, 3);
  t.is(lastLines.of(pod, 'a').length, 500);
  await lastLines.read(many, from);
  t.is(asked.length, 5);
});
