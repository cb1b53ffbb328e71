import type { TestFn } from 'ava';
import { parse, subscribe } from 'graphql';
import type { Feed } from '../../db/contract.js';
import type { Json } from '../../lib/canonical.js';
import { createManualClock } from '../../lib/clock.js';
import { createTestGraph, type TestGraph } from '../helpers/graph.js';
import { configMap, makeChangeset, makeEdit } from '../helpers/make-edit.js';
import { createTestPlane, type TestPlane } from '../helpers/plane.js';
import type { ScriptedProbes } from '../helpers/scripted-probes.js';

/** An app instance with the components `web` and `cart`, whose logs are scripted. */
export interface LogsRig {
  readonly plane: TestPlane;
  readonly graph: TestGraph;
  readonly id: string;
  readonly appId: string;
}

/** For all tests of a file. */
export function withLogsRig(test: TestFn<LogsRig>): void {
  test.before(async (t) => {
    const plane = await createTestPlane();
    const components = ['web', 'cart'].map((name) => ({ name, type: 'manifests', objects: [configMap(name)] }));
    const { edits } = await plane.store.commit(
      makeChangeset([
        makeEdit.runtime('sandbox', { spec: { provider: 'sandbox', default: true } }),
        makeEdit.environment('dev'),
        makeEdit.app('shop', { spec: { components } }),
        makeEdit.instance('shop', 'dev'),
      ]),
      plane.operator,
    );
    const idOf = (kind: string) => edits.find((edit) => edit.kind === kind)?.resourceId ?? '';
    t.context = { plane, graph: createTestGraph(plane), id: idOf('AppInstance'), appId: idOf('App') };
  });
  test.after.always((t) => t.context.plane?.drop());
}

export const line = (pod: string, second: number | string, text: string) => ({
  pod,
  container: 'main',
  at: typeof second === 'string' ? second : `2026-01-01T00:00:0${second}Z`,
  text,
});

/** Of a component without the pod or container that was asked for. */
export const lacking = (what: 'pod' | 'container', name: string, ...known: string[]): Json => ({
  lines: [],
  unavailable: [],
  absent: { what, name, known },
});

export interface LogsAnswer {
  readonly logs: {
    readonly lines: readonly { component: string; at: string | null; text: string; pod: string }[];
    readonly unavailable: readonly string[];
  };
}

export function read({ graph, id }: { graph: TestGraph; id: string }, probes: ScriptedProbes, args = '') {
  return graph.data<LogsAnswer>(`{ logs(id: "${id}"${args}) { lines { component pod at text } unavailable } }`, {
    probes,
  });
}

/** A subscription as the server opens it, on a clock that the test steps. */
export async function follow(
  { graph, plane, id }: { graph: TestGraph; plane: TestPlane; id: string },
  probes: ScriptedProbes,
  args = '',
) {
  const clock = createManualClock();
  // Counted here and not by the feed's own numbers: the tests of this file share the feed, and run at the same time.
  const attached = new Set<object>();
  const feed: Feed = {
    ...plane.feed,
    onCommit(listener) {
      const key = {};
      const detach = plane.feed.onCommit(listener);
      attached.add(key);
      return () => {
        attached.delete(key);
        detach();
      };
    },
  };
  const contextValue = { ...graph.context({ probes }), clock, feed };
  const document = parse(`subscription { logs(id: "${id}"${args}) { lines { component text } unavailable } }`);
  const answers = await subscribe({ schema: graph.schema, document, contextValue });
  if (!(Symbol.asyncIterator in answers)) throw answers.errors?.[0];
  const next = async () => (await answers.next()).value?.data?.logs as LogsAnswer['logs'] | undefined;
  return { clock, answers, next, listeners: () => attached.size };
}

export const texts = (logs: LogsAnswer['logs'] | undefined) =>
  logs?.lines.map(({ component, text }) => `${component} ${text}`);
