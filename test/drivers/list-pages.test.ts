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

test('lists anew, from the first page, when the token of the next page is too old', async (t) => {
  const { driver, asked } = given([page('7', ['a', 'b'], 'x'), expired, page('9', ['b', 'c'], 'y'), page('9', ['d'])]);
  const { objects, resourceVersion } = await driver.list(configMaps, { selector: '', signal });
  t.deepEqual(
    objects.map(({ metadata }) => metadata.name),
    ['b', 'c', 'd'],
  );
  t.is(resourceVersion, '9');
  t.deepEqual(asked, ['', 'x', '', 'y']);
});

test('says that it is too old when that happens again', async (t) => {
  const { driver } = given([page('7', ['a'], 'x'), expired, page('9', ['a'], 'y'), expired]);
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

/** A cluster that gives these answers, one after the other. `asked`: the tokens that the pages were asked with. */
function given(answers: readonly ApiResponse[]) {
  const asked: string[] = [];
  const unused = () => Promise.reject(new Error('Only lists are asked for here.'));
  const transport: Transport = {
    host: 'api.test',
    async request({ query }) {
      const answer = answers[asked.length];
      asked.push(query?.continue ?? '');
      if (!answer) throw new Error('No further page is to be asked for.');
      return answer;
    },
    stream: unused,
    lines: unused,
    close: async () => {},
  };
  return { driver: createApiDriver(transport), asked };
}
