import test from 'ava';
import { changesetMarkdown } from '../../../cli/output/changeset-markdown.js';
import { changesetSummary } from '../../../cli/output/changeset-summary.js';
import { changesetText } from '../../../cli/output/changeset-text.js';
import type { PlanFullFragment } from '../../../sdk/generated/operations.js';

type Step = PlanFullFragment['steps'][number];

const step = (
  wave: number | null,
  action: Step['action'],
  kind: string,
  name: string,
  given: Partial<Step> = {},
): Step => ({
  wave,
  action,
  kind,
  name,
  project: 'default',
  environment: null,
  owner: null,
  resourceId: null,
  why: null,
  fields: [],
  kept: [],
  blockedBy: [],
  ...given,
});

function plan(steps: readonly Step[], given: Partial<PlanFullFragment> = {}): PlanFullFragment {
  const count = (action: Step['action']) => steps.filter((each) => each.action === action).length;
  return {
    hash: 'abc',
    cursor: 'plane:1',
    steps,
    counts: {
      create: count('CREATE'),
      update: count('UPDATE'),
      replace: count('REPLACE'),
      delete: count('DELETE'),
      none: count('NONE'),
    },
    refusals: [],
    affectedApps: [],
    ...given,
  };
}

const mixed = plan([
  step(1, 'CREATE', 'App', 'shop', { fields: [{ path: 'spec.description', before: null, after: 'A shop.' }] }),
  step(1, 'UPDATE', 'Environment', 'dev', {
    project: 'web',
    fields: [
      { path: 'labels.team', before: 'a', after: null },
      { path: 'spec.tier', before: 'dev', after: 'prod' },
    ],
  }),
  step(2, 'REPLACE', 'Database', 'db', { environment: 'dev', owner: 'AppInstance shop', why: 'engine cannot change.' }),
  step(3, 'DELETE', 'Tier', 'old'),
  step(null, 'NONE', 'Tier', 'dev'),
]);

test('a plan is told by wave, with signs, places, fields and reasons, and the counts last', (t) => {
  t.deepEqual(changesetText(mixed, false), [
    'Wave 1 of 3',
    '  + App shop',
    '      + spec.description: "A shop."',
    '  ~ Environment dev in web',
    '      - labels.team: a',
    '      ~ spec.tier: dev → prod',
    '',
    'Wave 2 of 3',
    '  -/+ Database db of AppInstance shop in dev: engine cannot change.',
    '',
    'Wave 3 of 3',
    '  - Tier old',
    '',
    'Plan: 1 to create, 1 to change, 1 to replace, 1 to delete.',
  ]);
  const coloured = changesetText(mixed, true).join('\n');
  t.true(coloured.includes('\u001b[32m+\u001b[0m App shop'));
  t.true(coloured.includes('\u001b[31m-\u001b[0m Tier old'));
});

test('one wave has no heading, and a plan that changes nothing is one line', (t) => {
  t.deepEqual(changesetText(plan([step(1, 'CREATE', 'Tier', 'dev'), step(null, 'NONE', 'Tier', 'prod')]), false), [
    '  + Tier dev',
    '',
    'Plan: 1 to create, 0 to change, 0 to delete.',
  ]);
  t.deepEqual(changesetText(plan([step(null, 'NONE', 'Tier', 'prod')]), false), ['No changes.']);
});

test('what stays because somebody else set it is told, also where nothing else happens', (t) => {
  const set = { changesetId: 'c', actor: 'ann', at: '2026-11-28T12:00:00.000Z', cursor: 'plane:1' };
  const kept = [{ path: 'order', manager: 'ci', stated: 1, actual: 2, isSecret: false, set }];
  const staying = plan([step(1, 'CREATE', 'Tier', 'new'), step(null, 'NONE', 'Tier', 'dev', { kept })]);
  const line = 'kept: order = 2 (set by ci at 2026-11-28T12:00:00.000Z); your file says 1';
  t.deepEqual(changesetText(staying, false).slice(2, 5), ['  = Tier dev', `      ${line}`, '']);
  t.true(changesetMarkdown(staying).includes(`<summary>keep Tier dev</summary>\n\n\`\`\`diff\n  ${line}\n`));
});

test('what is in the way is told with its step, and that it would be refused in the end', (t) => {
  const blockedBy = ['Environment dev (1)'];
  const refused = plan([step(1, 'DELETE', 'Tier', 'old', { blockedBy })], {
    refusals: [
      {
        code: 'BLOCKED',
        message: 'Tier old cannot be deleted.',
        path: [],
        resource: 'Tier old',
        blockers: blockedBy,
        conflicts: [],
        verdict: null,
      },
    ],
  });
  t.deepEqual(changesetText(refused, false), [
    '  - Tier old',
    '      in the way: Environment dev (1)',
    '',
    '! Tier old cannot be deleted.',
    '',
    'It would be refused.',
  ]);
});

test('of hundreds of steps in a wave the first are told, and of many apps the first', (t) => {
  const names = Array.from({ length: 100 }, (_, index) => `app-${index}`);
  const many = plan(
    names.map((name) => step(1, 'UPDATE', 'Workload', 'web', { owner: `AppInstance ${name}`, environment: 'dev' })),
    {
      affectedApps: names.map((name) => ({ resourceId: name, name, project: 'default', environment: 'dev', steps: 1 })),
    },
  );
  const lines = changesetText(many, false);
  t.is(lines.length, 40 + 1 + 1 + 2 + 1);
  t.is(lines[40], '  … and 60 more; -o json has them all');
  t.regex(lines.at(-3) ?? '', /^Apps that change: app-0 in dev, .* app-19 in dev and 80 more\.$/);
  t.is(lines.at(-1), 'Plan: 0 to create, 100 to change, 0 to delete.');
});

test('as Markdown a plan is a table with folded fields, and nothing of it breaks out', (t) => {
  const text = changesetMarkdown(mixed);
  t.true(text.startsWith('### Plan: 1 to create, 1 to change, 1 to replace, 1 to delete.\n\n| | resource | wave |\n'));
  t.true(text.includes('| create | App shop | 1 |'));
  t.true(
    text.includes(
      '<details><summary>change Environment dev in web</summary>\n\n```diff\n- labels.team: a\n! spec.tier: dev → prod\n```',
    ),
  );
  t.false(text.includes('Tier dev'));
  const hostile = changesetMarkdown(
    plan([
      step(1, 'CREATE', 'App', 'shop', {
        why: '```',
        owner: 'AppInstance a|b<script>',
        fields: [{ path: 'spec.x', before: null, after: '````' }],
      }),
    ]),
  );
  t.true(hostile.includes('`````diff\n'));
  t.false(/\|b<script>/.test(hostile));
});

test('the counts line is as people know it', (t) => {
  t.is(changesetSummary(plan([])), 'No changes.');
  t.is(changesetSummary(plan([step(1, 'CREATE', 'Tier', 'a')])), 'Plan: 1 to create, 0 to change, 0 to delete.');
});
