import test from 'ava';
import { hasChanges, planText, type ShownPlan } from '../../../cli/output/plan-text.js';

type Step = ShownPlan['steps'][number];

const step = (action: Step['action'], object: string, given: Partial<Step> = {}): Step => ({
  instance: 'shop',
  component: 'web',
  object,
  action,
  why: '',
  differences: [],
  uncheckable: null,
  ...given,
});

test('a plan is told by component, with fields, reasons and counts', (t) => {
  const replicas = { path: 'spec.replicas', live: 3, desired: 5, manager: null, at: null };
  const plan: ShownPlan = {
    steps: [
      step('UPDATE', 'Deployment/shop/web', { differences: [replicas] }),
      step('NONE', 'Service/shop/web'),
      step('REPLACE', 'Job/shop/migrate', { why: 'spec.template cannot be changed', component: 'jobs' }),
      step('CREATE', 'Widget/shop/one', { component: 'jobs', uncheckable: 'its kind comes first' }),
      step('DELETE', 'ConfigMap/shop/old'),
      step('BLOCKED', 'StatefulSet/shop/db', { why: 'it holds data' }),
    ],
    unavailable: [],
  };
  t.deepEqual(planText(plan, false), [
    'web',
    '  ~ Deployment/shop/web  is changed',
    '      ~ spec.replicas: 3 → 5',
    '  - ConfigMap/shop/old  is deleted',
    '  ! StatefulSet/shop/db  cannot be changed: it holds data',
    '',
    'jobs',
    '  ± Job/shop/migrate  is deleted and made again: spec.template cannot be changed',
    '  + Widget/shop/one  is created',
    '      not checked yet: its kind comes first',
    '',
    '1 to create, 1 to change, 1 to replace, 1 to delete, 1 as desired, 1 blocked.',
  ]);
  t.true(hasChanges(plan));
});

test('a plan that changes nothing says so in one line', (t) => {
  const plan: ShownPlan = { steps: [step('NONE', 'Service/shop/web')], unavailable: [] };
  t.deepEqual(planText(plan, false), ['0 to create, 0 to change, 0 to replace, 0 to delete, 1 as desired.']);
  t.false(hasChanges(plan));
});
