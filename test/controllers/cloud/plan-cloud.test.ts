import test from 'ava';
import type { CloudKind } from '../../../controllers/cloud/cloud-kind.js';
import type { LookedAt } from '../../../controllers/cloud/cloud-observation.js';
import { cloudTags, tagsFor } from '../../../controllers/cloud/cloud-tags.js';
import { changesText, planCloud, planCloudRemoval } from '../../../controllers/cloud/plan-cloud.js';
import type { CloudResource } from '../../../drivers/cloud/driver.js';
import type { ResourceView } from '../../../sdk/resource.js';
import { makeCloud } from './make-cloud.js';

interface Spec {
  readonly size: string;
  readonly engine: string;
  readonly replace?: boolean;
  readonly onDelete?: 'refuse' | 'empty' | 'retain';
}

const kind: CloudKind<Spec> = {
  kind: 'Thing',
  type: 'database',
  accountId: () => 'a',
  region: () => 'r',
  propertiesOf: ({ resource: { spec } }) => ({ size: spec.size, engine: spec.engine }),
  outputsOf: () => ({}),
  immutable: ['engine'],
  mayReplace: ({ replace }) => replace ?? false,
  contentPolicy: ({ onDelete }) => onDelete ?? 'refuse',
  hidden: ['hidden'],
  lastProperties: () => ({ isProtected: false }),
};

const resource = makeCloud.resource<Spec>('Thing', { size: 'small', engine: 'a' });
const tags = tagsFor(resource, []);
const wish = { size: 'small', engine: 'a' };
const there = makeCloud.seen({ properties: { ...wish, isProtected: false, other: 1 }, tags });

function observed(seen: CloudResource | null, rest: Partial<LookedAt<Spec>> = {}): LookedAt<Spec> {
  const key = { type: 'database' as const, name: 'thing' };
  return {
    type: 'looked',
    key,
    look: makeCloud.look(resource, { seen }),
    wish,
    isAwaited: false,
    overIntents: [],
    ...rest,
  };
}

interface Row {
  readonly title: string;
  readonly seen: CloudResource | null;
  readonly rest?: Partial<LookedAt<Spec>>;
  readonly resource?: ResourceView<Spec>;
  readonly expected: readonly string[];
}

const rows: readonly Row[] = [
  { title: 'makes what is not there', seen: null, expected: ['create'] },
  { title: 'waits for what was just asked for', seen: null, rest: { isAwaited: true }, expected: [] },
  { title: 'does nothing where all is as it should be, whatever else the cloud says', seen: there, expected: [] },
  {
    title: 'changes a property in place',
    seen: { ...there, properties: { ...wish, size: 'x' } },
    expected: ['update'],
  },
  { title: 'changes what does not work too', seen: { ...there, state: 'impaired', tags: {} }, expected: ['update'] },
  { title: 'waits for what is being made', seen: { ...there, state: 'creating', properties: {} }, expected: [] },
  { title: 'waits for what is being changed', seen: { ...there, state: 'updating', properties: {} }, expected: [] },
  { title: 'waits for what is being deleted', seen: { ...there, state: 'deleting', properties: {} }, expected: [] },
  { title: 'deletes what could not be made', seen: { ...there, state: 'failed' }, expected: ['delete failed'] },
  { title: 'puts a tag back', seen: { ...there, tags: { ...tags, [cloudTags.name]: 'x' } }, expected: ['update'] },
  {
    title: 'takes no notice of the generation that it was written at, nor of the tags of others',
    seen: { ...there, tags: { ...tags, [cloudTags.generation]: '0', theirs: 'x' } },
    expected: [],
  },
  {
    title: 'does not make anew what nobody allowed it to',
    seen: { ...there, properties: { ...wish, engine: 'b', size: 'x' } },
    expected: [],
  },
  {
    title: 'makes anew what it may, by deleting first',
    seen: { ...there, properties: { ...wish, engine: 'b' } },
    resource: { ...resource, spec: { ...resource.spec, replace: true } },
    expected: ['delete replaced'],
  },
  {
    title: 'does not compare what nobody may read, but its version',
    seen: { ...there, tags: tagsFor(resource, [makeCloud.secret('s')]) },
    rest: { wish: { ...wish, password: makeCloud.secret('s'), hidden: 1 } },
    expected: [],
  },
  {
    title: 'gives a newer secret',
    seen: { ...there, tags: tagsFor(resource, [makeCloud.secret('s')]) },
    rest: { wish: { ...wish, password: makeCloud.secret('s', 2) } },
    expected: ['update'],
  },
  {
    title: 'takes away a secret that is wanted no more',
    seen: { ...there, tags: tagsFor(resource, [makeCloud.secret('s')]) },
    expected: ['update'],
  },
];

for (const row of rows) {
  test(row.title, (t) => {
    const actions = planCloud(kind, row.resource ?? resource, observed(row.seen, row.rest));
    t.deepEqual(actions.map(textOf), row.expected);
  });
}

const removals: readonly Row[] = [
  { title: 'removal: what is not there is gone', seen: null, expected: [] },
  {
    title: 'removal: what was just asked for may still come',
    seen: null,
    rest: { isAwaited: true },
    expected: ['await'],
  },
  { title: 'removal: what is there is deleted', seen: there, expected: ['delete removed'] },
  { title: 'removal: so is what failed', seen: { ...there, state: 'failed' }, expected: ['delete removed'] },
  { title: 'removal: what is being made is waited for', seen: { ...there, state: 'creating' }, expected: ['await'] },
  {
    title: 'removal: what is on its way out is waited for',
    seen: { ...there, state: 'deleting' },
    expected: ['await'],
  },
  {
    title: 'removal: what decides what its deletion does is set first',
    seen: { ...there, properties: { ...wish, isProtected: true } },
    expected: ['adjust'],
  },
  {
    title: 'removal: what it holds is deleted first where that is the policy',
    seen: there,
    resource: { ...resource, spec: { ...resource.spec, onDelete: 'empty' } },
    expected: ['empty', 'delete removed'],
  },
  {
    title: 'removal: what was left behind counts as gone',
    seen: { ...there, tags: { ...tags, [cloudTags.retained]: 'true' } },
    expected: [],
  },
];

for (const row of removals) {
  test(row.title, (t) => {
    const actions = planCloudRemoval(kind, row.resource ?? resource, observed(row.seen, { wish: null, ...row.rest }));
    t.deepEqual(actions.map(textOf), row.expected);
  });
}

test('removal: where it is is waited for when nobody knows it, and what was never made is gone', (t) => {
  const nowhere = { type: 'unknown', waitsFor: 'In which location?' } as const;
  const isAwaited = [{ type: 'await', message: 'In which location?' }] as const;
  const seenOnce = { ...resource, status: { ...resource.status, observed: { cloudId: 'db-1' } } };
  const begun = { ...resource, openIntents: [makeCloud.intent('first/1')] };
  t.deepEqual(planCloudRemoval(kind, seenOnce, nowhere), isAwaited);
  t.deepEqual(planCloudRemoval(kind, begun, nowhere), isAwaited);
  t.deepEqual(planCloudRemoval(kind, resource, nowhere), []);
});

test('tells changes in words, and nothing of secrets', (t) => {
  const changes = [{ path: 'size', from: 'a', to: 'b' }, { path: cloudTags.secrets }, { path: cloudTags.kind }];
  t.is(changesText(changes), 'size: "a" -> "b", secrets, portolan.dev/kind');
});

function textOf(action: { readonly type: string; readonly why?: string }): string {
  return [action.type, action.why].filter((part) => part !== undefined).join(' ');
}
