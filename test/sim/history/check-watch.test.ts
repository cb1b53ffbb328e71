import test from 'ava';
import { checkWatch } from '../../../sim/history/check-watch.js';
import type { WatchDelivery } from '../../../sim/history/delivery.js';

const subscribed: WatchDelivery = { type: 'subscribed' };
const SYNC: WatchDelivery = { type: 'SYNC' };
const began = (id: string, isRemoved = false): WatchDelivery => ({ type: 'began', id, isRemoved });
const changed = (id: string, isRemoved = false): WatchDelivery => ({ type: 'CHANGED', id, isRemoved });

const cases: readonly {
  readonly title: string;
  readonly deliveries: readonly WatchDelivery[];
  readonly findings: readonly RegExp[];
}[] = [
  {
    title: 'each change told once',
    deliveries: [subscribed, SYNC, began('a'), changed('a'), began('b'), changed('b')],
    findings: [],
  },
  {
    title: 'many changes told by one wake',
    deliveries: [subscribed, SYNC, began('a'), began('a'), began('a'), changed('a')],
    findings: [],
  },
  {
    title: 'a change told twice',
    deliveries: [subscribed, SYNC, began('a'), changed('a'), changed('a')],
    findings: [],
  },
  { title: 'what was before the first connection', deliveries: [began('a'), subscribed, SYNC], findings: [] },
  {
    title: 'a loss that the next SYNC makes good',
    deliveries: [subscribed, SYNC, began('a'), subscribed, SYNC],
    findings: [],
  },
  {
    title: 'a removal',
    deliveries: [subscribed, SYNC, began('a'), began('a', true), changed('a', true)],
    findings: [],
  },
  {
    title: 'a change that nobody is woken for',
    deliveries: [subscribed, SYNC, began('a'), began('b'), changed('b')],
    findings: [/^Nobody was woken for a, which changed\.$/],
  },
  {
    title: 'a wake that is older than the last change',
    deliveries: [subscribed, SYNC, began('a'), changed('a'), began('a')],
    findings: [/^Nobody was woken for a/],
  },
  {
    title: 'a loss without a SYNC',
    deliveries: [subscribed, SYNC, began('a'), subscribed, began('b'), changed('b')],
    findings: [/^CHANGED b came before the SYNC/, /^Nobody was woken for a/],
  },
  {
    title: 'a removal that is told as a change',
    deliveries: [subscribed, SYNC, began('a', true), changed('a')],
    findings: [/^Nobody was woken for a, which was removed\.$/],
  },
  {
    title: 'a removal that did not happen',
    deliveries: [subscribed, SYNC, began('a'), changed('a', true)],
    findings: [/^CHANGED a says that it is gone/],
  },
  {
    title: 'a wake for what never changed',
    deliveries: [subscribed, SYNC, changed('a')],
    findings: [/^CHANGED a came, and it had not changed\.$/],
  },
];

for (const { title, deliveries, findings } of cases) {
  test(`of a watch: ${title} is ${findings.length === 0 ? 'right' : 'found'}`, (t) => {
    const found = checkWatch(deliveries);
    t.is(found.length, findings.length, found.join('\n'));
    findings.forEach((finding, index) => {
      t.regex(found[index] ?? '', finding);
    });
  });
}
