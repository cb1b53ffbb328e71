import test from 'ava';
import { allPages } from '../../sdk/pages.js';

const page = (nodes: readonly number[], endCursor: string | null) => ({
  nodes,
  pageInfo: { hasNextPage: endCursor !== null, endCursor },
});

test('all pages are one list, in order', async (t) => {
  const pages = new Map([
    ['', page([1, 2], 'a')],
    ['a', page([3], 'b')],
    ['b', page([], null)],
  ]);
  t.deepEqual(await allPages(async (after) => pages.get(after ?? '') ?? null), [1, 2, 3]);
});

test('a failed page fails the list', async (t) => {
  const list = allPages(async (after) => {
    if (after) throw new Error('timeout');
    return page([1], 'a');
  });
  await t.throwsAsync(list, { message: 'timeout' });
});

test('nothing to list is an empty list', async (t) => {
  t.deepEqual(await allPages(async () => null), []);
});

test('a server whose cursor does not move is reported instead of asked for ever', async (t) => {
  await t.throwsAsync(
    allPages(async () => page([1], 'same')),
    { message: /where it begins/ },
  );
});
