import anyTest, { type TestFn } from 'ava';
import { parseMoment } from '../../cli/resources/moment.js';
import { startTestServer, type TestServer } from '../helpers/server.js';
import { runPortolan } from './run-portolan.js';

const test = anyTest as TestFn<{ server: TestServer }>;

test.before(async (t) => {
  const server = await startTestServer(null);
  t.context = { server };
  const apply = async (manager: string, input: string) => {
    const { code, err } = await runPortolan(server, ['apply', '-f', '-', '--manager', manager], { input });
    if (code !== 0) throw new Error(err);
  };
  await apply('file', 'kind: Tier\nname: dev\nspec: { order: 1 }\n');
  await apply('ci', 'kind: Tier\nname: dev\nlabels: { team: ops }\nspec: { order: 1 }\n');
  await apply('file', 'kind: Tier\nname: dev\nspec: { order: 2 }\n');
  await runPortolan(server, ['delete', 'tier', 'dev', '--yes']);
  await apply('ann', 'kind: Tier\nname: dev\nspec: { order: 7 }\n');
});
test.after.always((t) => t.context.server?.close());

interface Entry {
  readonly op: string;
  readonly at: string;
  readonly cursor: string;
}

test('history tells who changed what, the newest first, over what was deleted and made again', async (t) => {
  const { code, out, err } = await runPortolan(t.context.server, ['history', 'tier', 'dev']);
  t.is(code, 0, err);
  const told = out.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME').replaceAll(/[0-9a-f-]{36}(:\d+)?/g, 'ID');
  t.is(
    told,
    [
      'TIME  created by operator as ann, generation 1  ID',
      '    + spec.order: 7',
      '-- before it there was another Tier dev (ID)',
      'TIME  removed by operator as cli, generation 3  ID',
      'TIME  changed by operator as file, generation 2  ID',
      '    ~ spec.order: 1 → 2',
      'TIME  changed by operator as ci, generation 1  ID',
      '    + labels.team: ops',
      'TIME  created by operator as file, generation 1  ID',
      '    + spec.order: 1',
      '',
    ].join('\n'),
  );
});

test('get and describe show what was, by the cursor and the time that history tells', async (t) => {
  const { server } = t.context;
  const history = await runPortolan(server, ['history', 'tier', 'dev', '-o', 'json']);
  const entries: readonly Entry[] = JSON.parse(history.out);
  const changed = entries.filter(({ op }) => op === 'updated').at(-1);
  for (const moment of [changed?.cursor ?? '', changed?.at ?? '']) {
    const got = await runPortolan(server, ['get', 'tiers', '--as-of', moment, '-o', 'json']);
    t.like(JSON.parse(got.out), [{ name: 'dev', labels: { team: 'ops' }, spec: { order: 1 } }], moment);
    const one = await runPortolan(server, ['get', 'tier', 'dev', '--as-of', moment, '-o', 'json']);
    t.like(JSON.parse(one.out), { spec: { order: 1 } });
    const described = await runPortolan(server, ['describe', 'tier', 'dev', '--as-of', moment]);
    t.regex(described.out, /team: ops[\s\S]*order: 1/);
    t.regex(described.err, /Objects and events are not told of a moment of the past/);
  }
  const gone = entries.find(({ op }) => op === 'removed')?.cursor ?? '';
  const none = await runPortolan(server, ['get', 'tier', 'dev', '--as-of', gone]);
  t.is(none.code, 3);
  t.regex(none.err, /There is no Tier "dev"/);
});

test('a moment that is none, or that the log does not tell, is refused in words', async (t) => {
  const { server } = t.context;
  const wrong = await runPortolan(server, ['get', 'tiers', '--as-of', 'yesterday']);
  t.is(wrong.code, 2);
  t.regex(wrong.err, /It must be a time such as 2026-11-22T18:30:00Z, a time ago such as 15m, or a cursor/);
  const early = await runPortolan(server, ['get', 'tiers', '--as-of', '9999d']);
  t.not(early.code, 0);
  t.regex(early.err, /is before this plane was made/);
});

test('the history of what never was names what is near', async (t) => {
  const { code, err } = await runPortolan(t.context.server, ['history', 'tier', 'dve']);
  t.is(code, 3);
  t.regex(err, /There is no Tier "dve".* Did you mean dev\?/);
});

const now = Date.parse('2026-11-22T18:30:00Z');
for (const [text, expected] of [
  ['15m', '2026-11-22T18:15:00.000Z'],
  ['1h30m', '2026-11-22T17:00:00.000Z'],
  ['2026-11-22T18:30:00+02:00', '2026-11-22T16:30:00.000Z'],
  ['2026-11-22 18:30Z', '2026-11-22T18:30:00.000Z'],
  ['01234567-89ab-cdef-0123-456789abcdef:7', '01234567-89ab-cdef-0123-456789abcdef:7'],
  ['42', null],
  ['2026-11-22', null],
] as const) {
  test(`the moment ${text} is ${expected}`, (t) => {
    t.is(parseMoment(text, now), expected);
  });
}
