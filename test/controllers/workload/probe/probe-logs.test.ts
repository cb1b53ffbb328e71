import test from 'ava';
import type { LogChunk } from '../../../../controllers/workload/probe/log-lines.js';
import {
  type LogsContext,
  type LogsInput,
  probeLogs,
  readLogsInput,
} from '../../../../controllers/workload/probe/probe-logs.js';
import type { KubernetesDriver, KubernetesObject, LogsOptions } from '../../../../drivers/kubernetes/driver.js';
import { InvalidObjectError } from '../../../../drivers/kubernetes/errors.js';
import { createManualClock } from '../../../../lib/clock.js';
import { eventually } from '../../../helpers/eventually.js';

type State = 'running' | 'starting' | 'waiting' | 'crashed' | 'done' | 'nowhere';

interface PodSpec {
  readonly name: string;
  readonly containers: Readonly<Record<string, State>>;
  readonly init?: Readonly<Record<string, State>>;
  readonly restarts?: number;
}

const states: Readonly<Record<State, object>> = {
  running: { state: { running: { startedAt: 'x' } } },
  waiting: { state: { waiting: { reason: 'ErrImagePull', message: 'no such image' } } },
  starting: { state: { waiting: { reason: 'ContainerCreating' } } },
  nowhere: {},
  crashed: { state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: { exitCode: 1 } } },
  done: { state: { terminated: { exitCode: 0 } } },
};

function pod({ name, containers, init = {}, restarts = 0 }: PodSpec): KubernetesObject {
  const statusOf = (each: Readonly<Record<string, State>>) =>
    Object.entries(each).map(([container, state]) => ({ name: container, restartCount: restarts, ...states[state] }));
  const specOf = (each: object) => Object.keys(each).map((container) => ({ name: container }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', uid: `uid-${name}`, creationTimestamp: name },
    spec: { containers: specOf(containers), initContainers: specOf(init) },
    status: {
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'too few nodes' }],
      containerStatuses: statusOf(containers),
      initContainerStatuses: statusOf(init),
    },
  };
}

/** A cluster whose containers write what `logs` gives; each opened log is recorded. */
function createContext(logs: (options: LogsOptions) => AsyncIterable<string>) {
  let pods: readonly KubernetesObject[] = [];
  const opened: LogsOptions[] = [];
  const leaving = new AbortController();
  const clock = createManualClock();
  const driver = {
    logs(options: LogsOptions) {
      opened.push(options);
      return logs(options);
    },
  } as Pick<KubernetesDriver, 'logs'> as KubernetesDriver;
  const context: LogsContext = { driver, pods: async () => pods, clock, signal: leaving.signal };
  return {
    context,
    opened,
    clock,
    leave: () => leaving.abort(),
    has(...specs: readonly PodSpec[]) {
      pods = specs.map(pod);
    },
  };
}

async function* say(...texts: readonly string[]): AsyncIterableIterator<string> {
  yield* texts.map((text, index) => `2026-11-22T21:00:0${index}.000000001Z ${text}`);
}

const ask = (input: Partial<LogsInput> = {}): LogsInput => ({ ...readLogsInput({ allContainers: true }), ...input });

async function readAll(chunks: AsyncIterable<LogChunk>) {
  const lines: string[] = [];
  const unavailable: string[] = [];
  for await (const chunk of chunks) {
    lines.push(...chunk.lines.map((line) => `${line.pod}/${line.container} ${line.text}`));
    unavailable.push(...chunk.unavailable);
  }
  return { lines: lines.sort(), unavailable };
}

test('gives the lines of all containers of all pods, with their times', async (t) => {
  const { context, has } = createContext(({ container }) => say(`I am ${container}`));
  has({ name: 'a', containers: { web: 'running', log: 'done' }, init: { setup: 'done' } });
  const { value } = await probeLogs(ask({ container: 'web', allContainers: false }), context).next();
  t.deepEqual((value as LogChunk).lines, [
    { pod: 'a', container: 'web', at: '2026-11-22T21:00:00.000000001Z', text: 'I am web' },
  ]);
  const { lines } = await readAll(probeLogs(ask(), context));
  t.deepEqual(lines, ['a/log I am log', 'a/setup I am setup', 'a/web I am web']);
  const { lines: usual } = await readAll(probeLogs(ask({ allContainers: false }), context));
  t.deepEqual(usual, ['a/web I am web'], 'the container that kubectl takes');
});

test('a container that has not started is named with the reason, and keeps no other', async (t) => {
  const { context, has } = createContext(({ pod: name }) => say(name));
  has({ name: 'a', containers: { web: 'waiting' } }, { name: 'b', containers: { web: 'crashed' } });
  t.deepEqual(await readAll(probeLogs(ask(), context)), {
    lines: ['b/web b'],
    unavailable: ['a/web has not started: ErrImagePull: no such image.'],
  });
  has({ name: 'c', containers: { web: 'nowhere' } }, { name: 'd', containers: { web: 'starting' } });
  t.deepEqual((await readAll(probeLogs(ask(), context))).unavailable, [
    'c/web has not started: Unschedulable: too few nodes.',
    'd/web has not started: ContainerCreating.',
  ]);
});

test('a log that cannot be read is named, and keeps no other', async (t) => {
  const { context, has } = createContext(({ pod: name }) => {
    if (name === 'a') throw new InvalidObjectError('not yet', 400);
    return say(name);
  });
  has({ name: 'a', containers: { web: 'running' } }, { name: 'b', containers: { web: 'running' } });
  const { lines, unavailable } = await readAll(probeLogs(ask(), context));
  t.deepEqual(lines, ['b/web b']);
  t.deepEqual(unavailable, ['a/web: there is no log of it: not yet']);
});

test('the previous run is read of what was restarted alone', async (t) => {
  const { context, has, opened } = createContext(({ pod: name }) => say(name));
  has({ name: 'a', containers: { web: 'running' } }, { name: 'b', containers: { web: 'running' }, restarts: 2 });
  t.deepEqual((await readAll(probeLogs(ask({ previous: true }), context))).lines, ['b/web b']);
  t.true(opened.every(({ previous }) => previous));
  has({ name: 'a', containers: { web: 'running' } });
  t.deepEqual((await readAll(probeLogs(ask({ previous: true }), context))).unavailable, [
    'No container was started twice.',
  ]);
});

test('a pod or a container that is not there is told with the names of those that are', async (t) => {
  const { context, has } = createContext(() => say('x'));
  const answers = async (input: Partial<LogsInput>) => {
    const chunks: LogChunk[] = [];
    for await (const chunk of probeLogs(ask(input), context)) chunks.push(chunk);
    return chunks;
  };
  const nothing = { lines: [], unavailable: [] };
  has({ name: 'a', containers: { web: 'running' } });
  t.deepEqual(await answers({ pod: 'z' }), [{ ...nothing, absent: { what: 'pod', name: 'z', known: ['a'] } }]);
  t.deepEqual(await answers({ container: 'z' }), [
    { ...nothing, absent: { what: 'container', name: 'z', known: ['web'] } },
  ]);
  has();
  t.deepEqual(await answers({ pod: 'z' }), [{ ...nothing, absent: { what: 'pod', name: 'z', known: [] } }]);
  t.deepEqual(await readAll(probeLogs(ask(), context)), { lines: [], unavailable: ['It has no pods.'] });
});

/** A log that stays open until the reader leaves. */
async function* stayOpen(text: string, { signal }: LogsOptions): AsyncIterableIterator<string> {
  yield* say(text);
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

test('followed, a pod and a container that are not there yet are waited for', async (t) => {
  const rig = createContext((options) => stayOpen('here', options));
  rig.has({ name: 'a', containers: { web: 'running' } });
  const chunks = probeLogs(ask({ follow: true, pod: 'b', container: 'log' }), rig.context);
  t.like((await chunks.next()).value, { absent: { what: 'pod', name: 'b', known: ['a'] } });
  const next = chunks.next();
  rig.has({ name: 'b', containers: { web: 'running' } });
  rig.clock.step(500);
  rig.has({ name: 'b', containers: { web: 'running', log: 'running' } });
  let value: LogChunk | undefined;
  void next.then((result) => {
    value = result.value as LogChunk;
  });
  await eventually(
    () => {
      rig.clock.step(500);
      if (!value) throw new Error('There is no line yet.');
    },
    { timeoutMs: 10_000, everyMs: 1 },
  );
  t.deepEqual(
    value?.lines.map(({ pod: name, container }) => `${name}/${container}`),
    ['b/log'],
  );
  rig.leave();
});

test('followed, it goes on with new pods and with runs that begin anew, until the asker leaves', async (t) => {
  const rig = createContext((options) =>
    options.pod === 'a' ? say('first of a') : stayOpen(`first of ${options.pod}`, options),
  );
  rig.has({ name: 'a', containers: { web: 'running' } });
  const seen: string[] = [];
  const reading = (async () => {
    for await (const { lines, unavailable } of probeLogs(ask({ follow: true, tailLines: 5 }), rig.context)) {
      seen.push(...unavailable);
      seen.push(...lines.map(({ pod: name, text }) => `${name}: ${text}`));
    }
  })();
  const until = (wanted: readonly string[]) =>
    eventually(
      () => {
        rig.clock.step(500);
        if (seen.join() !== wanted.join()) throw new Error(seen.join());
      },
      { timeoutMs: 5000, everyMs: 1 },
    );
  await until(['a: first of a']);
  rig.has({ name: 'a', containers: { web: 'done' } }, { name: 'b', containers: { web: 'starting' } });
  rig.clock.step(500);
  rig.has({ name: 'a', containers: { web: 'done' } }, { name: 'b', containers: { web: 'running' } });
  await until(['a: first of a', 'b: first of b']);
  rig.has({ name: 'a', containers: { web: 'running' }, restarts: 1 }, { name: 'b', containers: { web: 'running' } });
  await until(['a: first of a', 'b: first of b', 'a: first of a']);
  t.deepEqual(
    rig.opened.slice(0, 2).map(({ pod: name, tailLines }) => [name, tailLines]),
    [
      ['a', 5],
      ['b', null],
    ],
  );
  rig.leave();
  await reading;
  t.pass();
});

test('a followed log that was cut off goes on after the last line that was read', async (t) => {
  let opens = 0;
  const rig = createContext((options) => {
    opens += 1;
    return opens === 1 ? say('one') : opens === 2 ? say('one', 'two') : stayOpen('one', options);
  });
  rig.has({ name: 'a', containers: { web: 'running' } });
  const seen: string[] = [];
  const reading = (async () => {
    for await (const { lines } of probeLogs(ask({ follow: true }), rig.context))
      seen.push(...lines.map(({ text }) => text));
  })();
  await eventually(
    () => {
      rig.clock.step(500);
      if (opens < 3) throw new Error(`It was opened ${opens} times.`);
    },
    { timeoutMs: 5000, everyMs: 1 },
  );
  t.deepEqual(seen, ['one', 'two']);
  rig.leave();
  await reading;
});
