import test from 'ava';
import { createChannel } from '../../lib/channel.js';
import { createManualClock } from '../../lib/clock.js';
import { type FollowedLogs, followLogs } from '../../sdk/follow-logs.js';
import type { FollowLogsSubscription, FollowLogsSubscriptionVariables } from '../../sdk/generated/operations.js';
import type { CallOptions, GraphClient } from '../../sdk/graph-client.js';

const second = (at: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, at)).toISOString();
const line = (text: string, at: number, container = 'main') => ({
  component: 'web',
  pod: 'web-1',
  container,
  at: second(at),
  text,
});

/** A client whose one subscription is fed by hand. */
function make(given: Partial<FollowLogsSubscriptionVariables> = {}) {
  const clock = createManualClock();
  const channel = createChannel<FollowLogsSubscription>({ limit: 100 });
  let variables: () => object = () => ({});
  let call: CallOptions = {};
  const client = {
    subscribe(_document: unknown, asked: () => object, options: CallOptions) {
      variables = asked;
      call = options;
      return channel;
    },
  } as unknown as GraphClient;
  const logs = followLogs(client, { id: 'a', ...given }, { clock });
  return {
    clock,
    channel,
    logs,
    /** What a Subscribe that is sent now asks for. */
    subscribe: () => variables(),
    endsWithServer: () => call.endsWithServer,
    push: (lines: FollowedLogs['lines'], unavailable: readonly string[] = []) =>
      channel.push({ logs: { lines, unavailable } }),
    texts: async () => {
      const { value, done } = await logs.next();
      return done ? null : [...value.lines.map(({ text }) => text), ...value.unavailable];
    },
  };
}

test('it begins as asked for, with times, and ends with the server', async (t) => {
  const { subscribe, endsWithServer, channel, texts } = make({ tailLines: 5, sinceSeconds: 60 });
  t.deepEqual(subscribe(), { id: 'a', tailLines: 5, sinceSeconds: 60, timestamps: true });
  t.true(endsWithServer());
  channel.end();
  t.is(await texts(), null);
});

test('after a lost connection it goes on from the last line that was taken', async (t) => {
  const { subscribe, push, texts, clock } = make({ tailLines: 5 });
  subscribe();
  push([line('a', 1), line('b', 2)]);
  t.deepEqual(await texts(), ['a', 'b']);
  push([line('never read', 3)]);
  clock.step(62_000);
  t.deepEqual(subscribe(), { id: 'a', tailLines: 5_000, sinceSeconds: 70, timestamps: true });
});

test('a connection that is lost before a line came begins as asked for', (t) => {
  const { subscribe, clock } = make({ tailLines: 5 });
  subscribe();
  clock.step(60_000);
  t.deepEqual(subscribe(), { id: 'a', tailLines: 5, timestamps: true });
});

test('a clock that is behind the cluster asks for no time to come', async (t) => {
  const { subscribe, push, texts } = make();
  subscribe();
  push([line('a', 3_600)]);
  await texts();
  t.like(subscribe(), { sinceSeconds: 10 });
});

test('what comes again after a lost connection is given once, container by container', async (t) => {
  const { subscribe, push, texts } = make();
  subscribe();
  push([line('a', 1), line('b', 2), line('b', 2), line('x', 1, 'proxy')]);
  t.deepEqual(await texts(), ['a', 'b', 'b', 'x']);
  subscribe();
  push([line('a', 1), line('b', 2)]);
  push([line('b', 2), line('b', 2), line('c', 3), line('x', 1, 'proxy')]);
  t.deepEqual(await texts(), ['b', 'c']);
  push([line('a', 1), line('x', 1, 'proxy')]);
  t.deepEqual(await texts(), ['a', 'x'], 'a line that is late is no repetition');
});

test('what is missing is told although no line came', async (t) => {
  const { subscribe, push, texts } = make();
  subscribe();
  push([], ['web: The controller that was asked went away.']);
  t.deepEqual(await texts(), ['web: The controller that was asked went away.']);
});

test('return() ends the subscription', async (t) => {
  const { logs, channel } = make();
  const pending = logs.next();
  await logs.return?.();
  t.true((await pending).done);
  t.true((await channel.next()).done);
});
