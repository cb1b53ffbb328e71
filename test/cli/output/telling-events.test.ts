import test from 'ava';
import { tellingEvents } from '../../../cli/output/telling-events.js';

const event = (id: string, minute: number) => ({ id, lastAt: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString() });
const several = (name: string, count: number, minute: number) =>
  Array.from({ length: count }, (_, index) => event(`${name}${index}`, minute - index));
const ids = (events: readonly { readonly id: string }[]) => events.map(({ id }) => id);

const pods = several('pod', 20, 59);

const cases = [
  {
    title: 'warnings and what Portolan tells come before newer events of pods',
    warnings: several('warning', 2, 20),
    own: several('own', 2, 10),
    all: pods,
    expected: ['pod0', 'pod1', 'warning0', 'warning1', 'own0', 'own1'],
  },
  {
    title: 'many warnings leave a third for what Portolan tells',
    warnings: several('warning', 9, 50),
    own: several('own', 9, 10),
    all: pods,
    expected: ['warning0', 'warning1', 'warning2', 'warning3', 'own0', 'own1'],
  },
  {
    title: 'many warnings fill what is left',
    warnings: several('warning', 9, 50),
    own: several('own', 1, 10),
    all: pods,
    expected: ['warning0', 'warning1', 'warning2', 'warning3', 'warning4', 'own0'],
  },
  {
    title: 'an event that is in several lists is shown once',
    warnings: [event('same', 5)],
    own: [event('same', 5)],
    all: [event('pod', 6), event('same', 5)],
    expected: ['pod', 'same'],
  },
  {
    title: 'without any others the newest are shown',
    warnings: [],
    own: [],
    all: pods,
    expected: ids(pods).slice(0, 6),
  },
];

for (const { title, expected, ...events } of cases) {
  test(title, (t) => t.deepEqual(ids(tellingEvents(events, 6)), expected));
}
