import test from 'ava';
import type { JsonObject } from '../../lib/canonical.js';
import { revisionFields } from '../../model/revision-fields.js';

const desired = (spec: JsonObject, managers: JsonObject = {}, labels: JsonObject = {}): JsonObject => ({
  spec,
  managers,
  labels,
});
const secret = (version: number): JsonObject => ({ $secret: { id: 'abc', version } });

const rows: readonly {
  readonly title: string;
  readonly sort?: 'status';
  readonly before: JsonObject | null;
  readonly after: JsonObject;
  readonly expected: readonly { readonly path: string; readonly before?: unknown; readonly after?: unknown }[];
}[] = [
  {
    title: 'the first document is all that it has',
    before: null,
    after: desired({ app: 'shop', parameters: { size: 'small' } }, { app: 'ann' }, { team: 'web' }),
    expected: [
      { path: 'labels.team', before: undefined, after: 'web' },
      { path: 'spec.app', before: undefined, after: 'shop' },
      { path: 'spec.parameters.size', before: undefined, after: 'small' },
    ],
  },
  {
    title: 'a field that changes value and hands is told once',
    before: desired({ image: 'a:1' }, { image: 'file' }),
    after: desired({ image: 'a:2' }, { image: 'ci' }),
    expected: [{ path: 'spec.image', before: 'a:1', after: 'a:2' }],
  },
  {
    title: 'a field that only changes hands is told by its manager',
    before: desired({ image: 'a:1', list: [1] }, { image: 'file', list: 'file' }),
    after: desired({ image: 'a:1', list: [1, 2] }, { image: 'ci', list: 'ci' }),
    expected: [
      { path: 'spec.list', before: [1], after: [1, 2] },
      { path: 'managers.spec.image', before: 'file', after: 'ci' },
    ],
  },
  {
    title: 'a secret is hidden, and changed when its version is',
    before: desired({ one: secret(1), two: secret(1) }),
    after: desired({ one: secret(1), two: secret(2), three: secret(1) }),
    expected: [
      { path: 'spec.two', before: '(hidden)', after: '(changed)' },
      { path: 'spec.three', before: undefined, after: '(hidden)' },
    ],
  },
  {
    title: 'of a status the conditions are told by type, without the time, and outputs by name',
    sort: 'status',
    before: {
      health: 'Progressing',
      conditions: [{ type: 'Ready', status: 'False', reason: 'Applying', message: '', since: 'then' }],
      outputs: {},
      observed: {},
    },
    after: {
      health: 'Healthy',
      conditions: [{ type: 'Ready', status: 'True', reason: 'Available', message: '', since: 'now' }],
      outputs: { url: { value: 'http://x', version: 1 }, password: { value: secret(1), version: 1 } },
      observed: { nodes: 3 },
    },
    expected: [
      { path: 'conditions.Ready.reason', before: 'Applying', after: 'Available' },
      { path: 'conditions.Ready.status', before: 'False', after: 'True' },
      { path: 'health', before: 'Progressing', after: 'Healthy' },
      { path: 'observed.nodes', before: undefined, after: 3 },
      { path: 'outputs.password', before: undefined, after: '(hidden)' },
      { path: 'outputs.url', before: undefined, after: 'http://x' },
    ],
  },
];

for (const { title, sort = 'desired', before, after, expected } of rows) {
  test(title, (t) => {
    t.deepEqual(revisionFields(sort, before, after), expected as ReturnType<typeof revisionFields>);
  });
}
