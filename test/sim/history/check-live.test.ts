import test from 'ava';
import { checkLive } from '../../../sim/history/check-live.js';
import type { LiveDelivery } from '../../../sim/history/delivery.js';

const subscribed: LiveDelivery = { type: 'subscribed' };
const answer = (text: string): LiveDelivery => ({ type: 'answer', text });
const truth = { final: '3', states: ['1', '2', '3'] };

const cases: readonly {
  readonly title: string;
  readonly deliveries: readonly LiveDelivery[];
  readonly finding: RegExp | null;
}[] = [
  { title: 'every answer', deliveries: [subscribed, answer('1'), answer('2'), answer('3')], finding: null },
  { title: 'the first and the last answer', deliveries: [subscribed, answer('1'), answer('3')], finding: null },
  {
    title: 'the same answer on two connections',
    deliveries: [subscribed, answer('3'), subscribed, answer('3')],
    finding: null,
  },
  {
    title: 'the same answer twice',
    deliveries: [subscribed, answer('3'), answer('3')],
    finding: /^An answer came twice in a row: 3$/,
  },
  {
    title: 'an answer that goes back',
    deliveries: [subscribed, answer('2'), answer('1'), answer('3')],
    finding: /^An answer came after a newer one: 1$/,
  },
  {
    title: 'an answer that goes back after a loss',
    deliveries: [subscribed, answer('2'), subscribed, answer('1'), answer('3')],
    finding: /after a newer one/,
  },
  {
    title: 'an answer that was never true',
    deliveries: [subscribed, answer('7'), answer('3')],
    finding: /^An answer came that was never true: 7$/,
  },
  {
    title: 'a last answer that is old',
    deliveries: [subscribed, answer('1'), answer('2')],
    finding: /^The last answer is 2, and the query answers 3\.$/,
  },
  { title: 'no answer', deliveries: [subscribed], finding: /^No answer came at all\.$/ },
  {
    title: 'a last connection without an answer',
    deliveries: [subscribed, answer('3'), subscribed],
    finding: /^The last connection brought no answer\.$/,
  },
];

for (const { title, deliveries, finding } of cases) {
  test(`of a live read: ${title} is ${finding ? 'found' : 'right'}`, (t) => {
    const found = checkLive(deliveries, truth);
    if (finding) t.regex(found.join('\n'), finding);
    else t.deepEqual(found, []);
  });
}
