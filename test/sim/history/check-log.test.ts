import test from 'ava';
import { checkLog } from '../../../sim/history/check-log.js';
import type { LoggedCommit } from '../../../sim/history/delivery.js';
import { commit } from './make-history.js';

const cases: readonly {
  readonly title: string;
  readonly log: readonly LoggedCommit[];
  readonly finding: RegExp | null;
}[] = [
  {
    title: 'a life from creation to removal, with an event after it',
    log: [
      commit(1, 'created a 1/1'),
      commit(2, 'status a 1/1/1'),
      commit(4, 'updated a 2/2', 'status a 2/2/2'),
      commit(5, 'deletionRequested a 2/3'),
      commit(6, 'removed a 2/3'),
      commit(7, 'event a 1/1'),
    ],
    finding: null,
  },
  {
    title: 'two commits that change places',
    log: [commit(2, 'created a 1/1'), commit(1, 'created b 1/1')],
    finding: /Commit 1 stands after commit 2/,
  },
  {
    title: 'a number that is there twice',
    log: [commit(1, 'created a 1/1'), commit(1, 'created b 1/1')],
    finding: /Commit 1 stands after commit 1/,
  },
  { title: 'an empty commit', log: [commit(1)], finding: /Commit 1 has no revision/ },
  { title: 'a life that nothing began', log: [commit(1, 'updated a 2/2')], finding: /"updated" and not "created"/ },
  {
    title: 'a second creation',
    log: [commit(1, 'created a 1/1'), commit(2, 'created a 1/1')],
    finding: /although it was there/,
  },
  {
    title: 'a change after the removal',
    log: [commit(1, 'created a 1/1'), commit(2, 'removed a 1/1'), commit(3, 'status a 1/1/2')],
    finding: /after its removal/,
  },
  {
    title: 'a generation that goes back',
    log: [commit(1, 'created a 2/2'), commit(2, 'updated a 1/3')],
    finding: /generation of a in commit 2 goes back from 2 to 1/,
  },
  {
    title: 'a version that goes back',
    log: [commit(1, 'created a 1/2'), commit(2, 'updated a 1/1')],
    finding: /The version of a in commit 2 goes back/,
  },
  {
    title: 'a status version that goes back',
    log: [commit(1, 'created a 1/1/4'), commit(2, 'status a 1/1/3')],
    finding: /status version of a in commit 2 goes back from 4 to 3/,
  },
];

for (const { title, log, finding } of cases) {
  test(`of a log: ${title} is ${finding ? 'found' : 'right'}`, (t) => {
    const found = checkLog(log, { isWhole: true });
    if (finding) t.regex(found.join('\n'), finding);
    else t.deepEqual(found, []);
  });
}

test('a log that does not begin with the database may begin in the middle of a life', (t) => {
  t.deepEqual(checkLog([commit(9, 'updated a 2/2')], { isWhole: false }), []);
});
