import test from 'ava';
import { createApiDriver } from '../../drivers/kubernetes/api-driver.js';
import { GoneError, ServerError } from '../../drivers/kubernetes/errors.js';
import type { ApiResponse, Transport } from '../../drivers/kubernetes/transport.js';
import { configMaps, signal } from './steps.js';

const expired: ApiResponse = {
  status: 410,
  retryAfterMs: null,
  body: { message: 'The provided continue parameter is too old' },
};
const broken: ApiResponse = { status: 500, retryAfterMs: null, body: { message: 'etcd is not well' } };

const page = (version: string, names: readonly string[], next?: string): ApiResponse => ({
  status: 200,
  retryAfterMs: null,
  body: {
    kind: 'ConfigMapList',
    metadata: { resourceVersion: version, ...(next && { continue: next }) },
    items: names.map((name) => ({ metadata: { name } })),
  },
});

test('lists all at once when the token of the next page is too old', async (t) => {
  const { driver, asked } = given([page('7', ['a', 'b'], 'x'), expired, page('9', ['b', 'c', 'd'])]);
  const { objects, resourceVersion } = await driver.list(configMaps, { selector: '', signal });
  t.deepEqual(
    objects.map(({ metadata }) => metadata.name),
    ['b', 'c', 'd'],
  );
  t.is(resourceVersion, '9');
  t.deepEqual(asked, ['limit=500', 'limit=500 x', 'limit=0']);
});

test('asks for a page when the one before it was taken, and says with which one a list begins', async (t) => {
  const answers = [page('7', ['a'], 'x'), page('7', ['b'], 'y'), expired, page('9', ['b', 'c'])];
  const { driver, asked } = given(answers);
  const seen: string[] = [];
  for await (const { objects, resourceVersion, isFirst } of driver.pages(configMaps, { selector: '', signal })) {
    const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    seen.push(`${isFirst ? 'first' : 'next'} of ${resourceVersion}: ${names.join()}; ${asked.length} asked`);
  }
  t.deepEqual(seen, [
    'first of 7: ConfigMap a; 1 asked',
    'next of 7: ConfigMap b; 2 asked',
    'first of 9: ConfigMap b,ConfigMap c; 4 asked',
  ]);
});

test('goes on from the version of the first page, whatever the next ones say', async (t) => {
  const { driver } = given([page('7', ['a'], 'x'), page('9', ['b'])]);
  t.is((await driver.list(configMaps, { selector: '', signal })).resourceVersion, '7');
});

test('says that it is too old when the list of all is refused too', async (t) => {
  const { driver } = given([page('7', ['a'], 'x'), expired, expired]);
  await t.throwsAsync(driver.list(configMaps, { selector: '', signal }), { instanceOf: GoneError });
});

for (const [title, answer] of [
  ['fails', broken],
  ['is no list', { ...broken, status: 200 }],
  [
    'has no items',
    { ...broken, status: 200, body: { kind: 'ConfigMapList', metadata: { resourceVersion: '7' }, items: null } },
  ],
] as const) {
  test(`gives no part of a list of which a page ${title}`, async (t) => {
    const { driver } = given([page('7', ['a', 'b'], 'x'), answer]);
    await t.throwsAsync(driver.list(configMaps, { selector: '', signal }), { instanceOf: ServerError });
  });
}

/** A cluster that gives these answers, one after the other. `asked`: the limits and tokens that the pages were asked with. */
function given(answers: readonly ApiResponse[]) {
  const asked: string[] = [];
  const unused = () => Promise.reject(new Error('Only lists are asked for here.'));
  const transport: Transport = {
    host: 'api.test',
    async request({ query }) {
      const answer = answers[asked.length];
      asked.push(`limit=${query?.limit} ${query?.continue ?? ''}`.trim());
      if (!answer) throw new Error('No further page is to be asked for.');
      return answer;
    },
    stream: unused,
    lines: unused,
    close: async () => {},
  };
  return { driver: createApiDriver(transport), asked };
}
