import test from 'ava';
import { checkChanges } from '../../../sim/history/check-changes.js';
import type { ChangesDelivery } from '../../../sim/history/delivery.js';
import { commit, subscribed, sync, took } from './make-history.js';

const one = commit(1, 'created a 1/1');
const two = commit(2, 'created b 1/1', 'updated a 2/2');
const four = commit(4, 'status a 2/2/1');
const five = commit(5, 'removed b 1/2');
const log = [one, two, four, five];

const cases: readonly {
  readonly title: string;
  readonly deliveries: readonly ChangesDelivery[];
  readonly findings: readonly RegExp[];
}[] = [
  { title: 'all of it at once', deliveries: [subscribed(0), ...took(...log)], findings: [] },
  {
    title: 'all of it over three connections, each from the last one taken',
    deliveries: [
      subscribed(0),
      ...took(one),
      subscribed(1),
      subscribed(1),
      ...took(two, four),
      subscribed(4),
      ...took(five),
    ],
    findings: [],
  },
  { title: 'all from now on', deliveries: [subscribed(null), sync(2), ...took(four, five)], findings: [] },
  {
    title: 'all from now on, where the first connection was lost before it said where now is',
    deliveries: [subscribed(null), subscribed(null), sync(4), ...took(five)],
    findings: [],
  },
  {
    title: 'a commit that is left out',
    deliveries: [subscribed(0), ...took(one, four, five)],
    findings: [/^Commit 4 came after 1, without 2\.$/],
  },
  {
    title: 'a commit that is left out between two connections',
    deliveries: [subscribed(0), ...took(one), subscribed(1), ...took(four, five)],
    findings: [/^Commit 4 came after 1, without 2\.$/],
  },
  {
    title: 'a commit that comes twice',
    deliveries: [subscribed(0), ...took(one, two, two, four, five)],
    findings: [/^Commit 2 came again, or out of order: 2 had come\.$/],
  },
  {
    title: 'a commit that comes again after a loss',
    deliveries: [subscribed(0), ...took(one, two), subscribed(2), ...took(two, four, five)],
    findings: [/^Commit 2 came again/],
  },
  {
    title: 'two commits that change places',
    deliveries: [subscribed(0), ...took(one, four, two, five)],
    findings: [/^Commit 4 came after 1, without 2\.$/, /^Commit 2 came again, or out of order: 4 had come\.$/],
  },
  {
    title: 'a commit that is cut apart',
    deliveries: [subscribed(0), ...took(one, commit(2, 'created b 1/1'), four, five)],
    findings: [/^Commit 2 came as created b 1\/1\/null, and the database has created b .*; updated a 2\/2\/null\.$/],
  },
  {
    title: 'a commit whose revisions change places',
    deliveries: [subscribed(0), ...took(one, commit(2, 'updated a 2/2', 'created b 1/1'), four, five)],
    findings: [/^Commit 2 came as updated a/],
  },
  {
    title: 'a commit that the database does not have',
    deliveries: [subscribed(0), ...took(one, two, commit(3, 'created c 1/1'), four, five)],
    findings: [/^Commit 3 came, and the database does not have it\.$/],
  },
  {
    title: 'an end that never comes',
    deliveries: [subscribed(0), ...took(one, two)],
    findings: [/^Never came: 2 commits after 2, up to 5\.$/],
  },
  {
    title: 'a subscriber that resumes from elsewhere',
    deliveries: [subscribed(0), ...took(one, two), subscribed(1), ...took(two, four, five)],
    findings: [/^It went on after 1, and the last that it had taken was 2\.$/],
  },
  {
    title: 'a subscriber that forgets its place',
    deliveries: [subscribed(0), ...took(one), subscribed(null), sync(2), ...took(four, five)],
    findings: [/^It began anew, and the last that it had taken was 1\.$/],
  },
  {
    title: 'a SYNC for who had a cursor',
    deliveries: [subscribed(0), sync(0), ...took(...log)],
    findings: [/^SYNC at 0 came to who had begun at 0\.$/],
  },
  {
    title: 'a commit before the SYNC of who had no cursor',
    deliveries: [subscribed(null), ...took(five)],
    findings: [/^Commit 5 came before it was told where it begins\.$/],
  },
];

for (const { title, deliveries, findings } of cases) {
  test(`of changes: ${title} is ${findings.length === 0 ? 'right' : 'found'}`, (t) => {
    const found = checkChanges(log, deliveries, { isCaughtUp: true });
    t.is(found.length, findings.length, found.join('\n'));
    findings.forEach((finding, index) => {
      t.regex(found[index] ?? '', finding);
    });
  });
}

test('of changes: who was given no time to catch up has missed nothing', (t) => {
  t.deepEqual(checkChanges(log, [subscribed(0), ...took(one)], { isCaughtUp: false }), []);
});
