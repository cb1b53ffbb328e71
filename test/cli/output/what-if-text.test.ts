import test from 'ava';
import { type ShownWhatIf, whatIfText } from '../../../cli/output/what-if-text.js';

const subject = (kind: string, name: string, environment: string | null = 'dev') => ({
  id: `${kind}/${name}`,
  kind,
  name,
  project: 'default',
  environment,
  ownerId: null,
});
const db = subject('Database', 'shared');
const web = subject('Workload', 'web');
const shop = subject('AppInstance', 'shop');
const answer: ShownWhatIf = {
  removed: [db],
  isRefused: true,
  effects: [
    {
      resource: web,
      effect: 'BLOCKS',
      path: [db, web],
      via: 'bindings.0.resource',
      message: 'It refers to Database shared.',
      lost: [{ output: 'host', place: 'env var DB_HOST of Deployment/web' }],
    },
    { resource: shop, effect: 'BREAKS', path: [db, web, shop], via: null, message: 'It would not work.', lost: [] },
  ],
  counts: [{ environment: 'dev', app: 'shop', blocks: 1, breaks: 1, deleted: 0 }],
  isTruncated: false,
};
const plain = { width: null, hasColour: false };

test('it says whether it is refused, what stands in the way, what breaks, and how much', (t) => {
  t.deepEqual(whatIfText(answer, plain), [
    'If Database shared in dev is deleted: Refused while others need it.',
    '',
    'Stands in the way:',
    '  ! Workload web in dev',
    '      It refers to Database shared.',
    '      loses host: env var DB_HOST of Deployment/web',
    '',
    'Would not work any more:',
    '  ✘ AppInstance shop in dev',
    '      It would not work.',
    '      Database shared ← Workload web ← AppInstance shop',
    '',
    'ENVIRONMENT  APP   IN THE WAY  BROKEN  DELETED',
    'dev          shop  1           1       0',
  ]);
});

test('parts of what stands in the way are counted with it, unless they lose something', (t) => {
  const part = (name: string, lost: ShownWhatIf['effects'][number]['lost'] = []) => ({
    resource: { ...subject('Workload', name), ownerId: shop.id },
    effect: 'BLOCKS' as const,
    path: [db],
    via: 'runtime',
    message: 'It refers to it.',
    lost,
  });
  const owner = { ...part('shop'), resource: shop };
  const effects = [owner, part('api'), part('jobs'), part('web', [{ output: 'host', place: 'variable host' }])];
  t.deepEqual(whatIfText({ ...answer, effects }, plain).slice(2, -3), [
    'Stands in the way:',
    '  ! AppInstance shop in dev, with 2 of its parts',
    '      It refers to it.',
    '  ! Workload web in dev',
    '      It refers to it.',
    '      loses host: variable host',
  ]);
});

test('it says so when nothing else is concerned', (t) => {
  const alone = { ...answer, isRefused: false, effects: [], counts: [] };
  t.deepEqual(whatIfText(alone, plain), ['Nothing else is concerned if Database shared in dev is deleted.']);
});
