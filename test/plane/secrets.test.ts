import test from 'ava';
import { systemClock } from '../../lib/clock.js';
import { systemRandom } from '../../lib/random.js';
import { startPlane } from '../../plane/main.js';
import { readServerConfig } from '../../server/config.js';
import { createTestDatabase } from '../helpers/database.js';
import { eventually } from '../helpers/eventually.js';
import { everyColumn } from '../helpers/every-column.js';
import { urlOf } from '../helpers/server.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';
import { recordingLog } from '../server/recording-log.js';

const canaries = {
  token: 'canary-token-8b1f',
  stringData: 'canary-string-data-27c9',
  data: 'canary-data-e05d',
  changed: 'canary-changed-91aa',
  undecodable: 'canary-undecodable!-6d40',
} as const;
const base64 = (text: string) => Buffer.from(text).toString('base64');
const traces = Object.values(canaries).flatMap((canary) => [canary, base64(canary)]);
const found = (texts: readonly string[]) => traces.filter((trace) => texts.some((text) => text.includes(trace)));

test('no secret is told by a controller: not in a status, an event, an attempt, a log line or an answer', async (t) => {
  const home = await temporaryFolder(t);
  const database = await createTestDatabase();
  t.teardown(() => database.drop());
  const { log, lines } = recordingLog();
  const config = readServerConfig({
    PORTOLAN_HOME: home,
    PORTOLAN_PORT: '0',
    DATABASE_URL: urlOf(database.connection),
  });
  const plane = await startPlane({ config, clock: systemClock, random: systemRandom, log, isSandboxFast: true });
  t.teardown(() => plane.close());
  const answers: string[] = [];
  const ask = async (query: string, variables: object = {}) => {
    const response = await fetch(`${plane.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${plane.server.tokens.operator}` },
      body: JSON.stringify({ query, variables }),
    });
    const text = await response.text();
    answers.push(text);
    return text;
  };
  const send = (edits: readonly object[]) =>
    ask('mutation ($input: ApplyInput!) { apply(input: $input) { cursor } }', { input: { edits } });
  const apply = async (edits: readonly object[]) => {
    const text = await send(edits);
    t.false(text.includes('"errors"'), text);
  };
  const until = (isSo: (shown: string) => boolean) =>
    eventually(
      async () => {
        const shown = await ask(everything);
        if (!isSo(shown)) throw new Error(shown);
      },
      { timeoutMs: 30_000, everyMs: 200 },
    );

  // A cluster that fails at a Secret, one that is not there, and a Secret that is no base64, which is refused.
  await plane.sandbox.control.setFault({ kind: 'serverError', match: { kind: 'Secret', verb: 'apply' }, count: 2 });
  const cluster = { server: 'https://127.0.0.1:1', token: canaries.token };
  await apply([
    { op: 'CREATE', kind: 'KubernetesRuntime', name: 'away', spec: { provider: 'kubeconfig', cluster } },
    ...app('good', { stringData: { password: canaries.stringData }, data: { token: base64(canaries.data) } }),
  ]);
  t.regex(await send(app('bad', { data: { token: canaries.undecodable } })), /is not base64/);
  await until((shown) => /"RuntimeUnreachable"/.test(shown));
  await until((shown) => healthOf(shown, 'good') === 'Healthy');
  await apply(app('good', { stringData: { password: canaries.changed } }, { op: 'APPLY', release: 2 }));
  await eventually(
    async () => {
      const secrets = JSON.stringify(await plane.sandbox.control.objects({ kind: 'Secret' }));
      if (!secrets.includes(base64(canaries.changed))) throw new Error('The cluster has not got the new password yet.');
    },
    { timeoutMs: 30_000, everyMs: 200 },
  );
  await until((shown) => healthOf(shown, 'good') === 'Healthy');
  answers.push(await (await fetch(`${plane.url}/metrics`)).text());
  const columns = await everyColumn(plane.server.database);
  t.true(columns.some((text) => text.includes('RuntimeUnreachable')));
  t.deepEqual(found(columns), []);
  t.deepEqual(found(lines), []);
  t.deepEqual(found(answers), []);
});

function app(name: string, secret: object, { op = 'CREATE', release = 1 } = {}) {
  const objects = [{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'login' }, ...secret }];
  return [
    { op, kind: 'App', name, spec: { components: [{ name: 'web', type: 'manifests', objects }] } },
    { op, kind: 'AppInstance', name, environment: 'dev', spec: { app: name, release } },
  ];
}

const everything = `{
  resources(first: 100) { nodes {
    kind name document status { health observed conditions { reason message } outputs { value } }
    ... on Workload { events { nodes { reason message object } } attempt { lastError } objects { nodes { name reason message } } }
    ... on KubernetesRuntime { events { nodes { reason message } } attempt { lastError } }
  } }
}`;

function healthOf(shown: string, name: string): string | undefined {
  const nodes = JSON.parse(shown).data.resources.nodes as readonly {
    kind: string;
    name: string;
    status: { health: string };
  }[];
  return nodes.find((node) => node.kind === 'AppInstance' && node.name === name)?.status.health;
}
