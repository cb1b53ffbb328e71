import test from 'ava';
import { type AccountObservation, accountStatus } from '../../../controllers/cloud-account/status.js';
import type { Health, Reason } from '../../../lib/health.js';

const account = {
  name: 'cloud',
  status: { observed: { identity: 'key/x' }, outputs: { accountId: { value: '123456789012', version: 1 } } },
};

const rows: readonly (readonly [string, AccountObservation, Health, Reason, RegExp])[] = [
  [
    'an account whose credentials are good is ready',
    { type: 'reachable', accountId: '123456789012', principal: 'key/x', missing: [] },
    'Healthy',
    'Available',
    /^$/,
  ],
  [
    'an account that lacks a right names it, and keeps nobody waiting',
    { type: 'reachable', accountId: '1', principal: 'key/x', missing: ['database:create'] },
    'Healthy',
    'MissingRights',
    /may not do database:create\./,
  ],
  [
    'of many rights that are missing, it names some',
    {
      type: 'reachable',
      accountId: '1',
      principal: 'x',
      missing: Array.from({ length: 12 }, (_, index) => `a:${index}`),
    },
    'Healthy',
    'MissingRights',
    /a:9 and 2 more/,
  ],
  [
    'an account that does not answer is unknown',
    { type: 'unreachable', message: 'No answer.' },
    'Unknown',
    'CloudUnreachable',
    /No answer/,
  ],
  [
    'credentials that are refused are said to be, and what to do',
    { type: 'refused', message: 'They have expired.' },
    'Degraded',
    'CredentialRefused',
    /They have expired\. Give it others: set spec\.credentials of CloudAccount cloud/,
  ],
  [
    'a cloud that fails is told in its words',
    { type: 'failing', isThrottled: false, message: 'Strange.' },
    'Degraded',
    'ObjectFailed',
    /Strange/,
  ],
  ['an account that leaves says so', { type: 'leaving' }, 'Progressing', 'Terminating', /^$/],
];

for (const [title, observation, health, reason, message] of rows) {
  test(title, (t) => {
    const report = accountStatus(account, observation);
    t.is(report.health, health);
    t.is(report.conditions[0]?.reason, reason);
    t.regex(report.conditions[0]?.message ?? '', message);
    t.is(report.conditions[1]?.reason, 'InSync');
    if (observation.type !== 'reachable') t.deepEqual(report.outputs, { accountId: '123456789012' }, 'it stays');
  });
}
