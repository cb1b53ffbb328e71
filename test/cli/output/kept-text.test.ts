import test from 'ava';
import { keptLine } from '../../../cli/output/kept-text.js';

const kept = {
  path: 'components[web].objects[Deployment/web].spec.template.spec.containers[web].image',
  manager: 'ci',
  stated: 'nginx:1',
  actual: 'nginx:2',
  isSecret: false,
  set: { changesetId: 'c', actor: 'operator', at: '2026-11-28T12:00:00.000Z', cursor: 'p:7' },
};
const nowMs = Date.parse('2026-11-28T12:03:00.000Z');

test('a kept field is told with its value, who set it, since when, and what the file says', (t) => {
  t.is(keptLine(kept, nowMs), `kept: ${kept.path} = nginx:2 (set by ci, 3m ago); your file says nginx:1`);
});

test('of a kept secret no value is told', (t) => {
  const secret = { ...kept, path: 'token', isSecret: true, stated: null, actual: null, set: null };
  t.is(keptLine(secret, nowMs), 'kept: token = hidden (set by ci); your file says another secret');
});
