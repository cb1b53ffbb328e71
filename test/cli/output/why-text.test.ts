import test from 'ava';
import { type ShownWhy, whyText } from '../../../cli/output/why-text.js';

const nowMs = Date.parse('2026-11-01T10:03:00Z');
const since = '2026-11-01T10:00:00Z';
const subject = (kind: string, name: string, health = 'Degraded' as const) => ({
  id: `${kind}/${name}`,
  kind,
  name,
  project: 'default',
  environment: 'dev',
  health,
});
const shop = subject('AppInstance', 'shop');
const web = subject('Workload', 'web');
const cause: ShownWhy['causes'][number] = {
  path: [{ resource: shop }, { resource: web }],
  resource: web,
  object: { kind: 'Deployment', namespace: 'shop-1', name: 'web' },
  health: 'Degraded',
  reason: 'ImagePullFailed',
  message: 'Image example.com/web:2 of container main cannot be pulled: not found',
  since,
  blockedBy: [],
  nextRetryAt: null,
  fix: 'Name an image that exists, and deploy again.',
};
const whyOf = (...causes: ShownWhy['causes']): ShownWhy => ({
  isSettled: false,
  health: 'Degraded',
  causes,
  isTruncated: false,
});
const plain = { terminal: { width: null, hasColour: false }, nowMs };

test('a cause is told with the way to it, since when, and what to do', (t) => {
  t.deepEqual(whyText(shop, whyOf(cause), plain), [
    'AppInstance shop in dev is ✘ Degraded: one cause.',
    '',
    '1. ImagePullFailed for 3m',
    '   AppInstance shop             ✘ Degraded',
    '   └─ Workload web              ✘ Degraded',
    '      └─ Deployment/shop-1/web  ✘ Degraded',
    '   Image example.com/web:2 of container main cannot be pulled: not found',
    '   fix:       Name an image that exists, and deploy again.',
  ]);
});

test('what it waits for and the next try are told where there are any', (t) => {
  const waiting = { ...cause, object: null, blockedBy: [web], nextRetryAt: '2026-11-01T10:03:12Z', fix: null };
  t.deepEqual(whyText(shop, whyOf(waiting), plain).slice(-2), ['   waits for: Workload web', '   next try:  in 12s']);
});

test('long sentences are wrapped to the screen, below where they begin', (t) => {
  const lines = whyText(shop, whyOf(cause), { ...plain, terminal: { width: 40, hasColour: false } });
  t.true(
    lines.slice(1).every((line) => [...line].length <= 40),
    lines.join('\n'),
  );
  t.deepEqual(lines.slice(-2), ['   fix:       Name an image that exists,', '              and deploy again.']);
});

test('one that is settled says so, and what differs outside is told all the same', (t) => {
  const settled = { isSettled: true, health: 'Healthy', causes: [], isTruncated: false } as const;
  t.deepEqual(whyText(shop, settled, plain), ['AppInstance shop in dev is ✔ Healthy. There is nothing to explain.']);
  const drifted = { ...settled, causes: [{ ...cause, reason: 'Drifted' }] };
  t.is(whyText(shop, drifted, plain)[0], 'AppInstance shop in dev is ✔ Healthy, but not all is as desired.');
});
