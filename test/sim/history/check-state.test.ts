import test from 'ava';
import { checkState } from '../../../sim/history/check-state.js';
import { commit } from './make-history.js';

const log = [
  commit(1, 'created a 1/1', 'created b 1/1'),
  commit(2, 'updated a 2/2', 'created c 1/1'),
  commit(3, 'removed b 1/2', 'event b 1/1'),
];
const a = { id: 'a', generation: 2, version: 2 };
const c = { id: 'c', generation: 1, version: 1 };

const cases = [
  { title: 'the same', stored: [a, c], findings: [] },
  {
    title: 'a resource that the database lost',
    stored: [a],
    findings: ['c is there by the log, and the database does not have it.'],
  },
  {
    title: 'a resource that nobody told of',
    stored: [a, c, { ...c, id: 'd' }],
    findings: ['d is in the database, and not there by the log.'],
  },
  {
    title: 'a removal that did not happen',
    stored: [a, c, { ...c, id: 'b' }],
    findings: ['b is in the database, and not there by the log.'],
  },
  {
    title: 'a change that nobody told of',
    stored: [{ ...a, version: 3 }, c],
    findings: ['a is at 2/2 by the log, and at 2/3 in the database.'],
  },
];

for (const { title, stored, findings } of cases) {
  test(`of log and database: ${title} is ${findings.length > 0 ? 'found' : 'right'}`, (t) => {
    t.deepEqual(checkState(log, stored), findings);
  });
}
