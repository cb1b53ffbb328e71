import test from 'ava';
import type { InquirerRecord, PastAnswer, WhyAnswer } from '../../sim/inquirer.js';
import { createAdoptedStays } from '../../sim/invariants/adopted-stays.js';
import type { Evidence, Invariant } from '../../sim/invariants/invariant.js';
import { createPastIsKept } from '../../sim/invariants/past-is-kept.js';
import { createWhyIsTrue } from '../../sim/invariants/why-is-true.js';
import type { PresentResource } from '../../sim/present.js';

/** What an invariant that asks for nothing else says of it. */
const judge = ({ always }: Invariant, told: Partial<InquirerRecord>) =>
  always?.({ inquirer: { whys: [], pasts: [], ...told } } as unknown as Evidence) ?? [];

const resource: PresentResource = {
  title: 'App shop (a)',
  ...{
    version: 3,
    generation: 2,
    isDeleting: false,
    spec: { size: 1 },
    statusVersion: 1,
    health: 'Healthy',
    isCalm: true,
  },
};
const present = new Map([
  ['a', resource],
  ['b', { ...resource, title: 'Bucket files (b)', health: 'Degraded' as const, isCalm: false }],
]);

const node = { version: 3, generation: 2, deletionRequestedAt: null, document: { size: 1 } };
const asWere = [
  { ...node, id: 'a', status: { version: 1, health: 'Healthy' } },
  { ...node, id: 'b', status: { version: 1, health: 'Degraded' } },
];
const past = (nodes: PastAnswer['resources']['nodes']): PastAnswer => {
  return { cursor: 'plane:7', present, resources: { totalCount: nodes.length, nodes } };
};

test('what is told of a moment is held to what was then, field by field', (t) => {
  const words = (nodes: PastAnswer['resources']['nodes']) => judge(createPastIsKept(), { pasts: [past(nodes)] }).join();
  t.is(words(asWere), '');
  t.regex(words(asWere.slice(1)), /there was App shop \(a\), and it is not told of/);
  for (const wrong of [{ version: 4 }, { document: { size: 2 } }, { deletionRequestedAt: 'then' }]) {
    t.regex(words(asWere.map((each) => ({ ...each, ...wrong }))), /of App shop \(a\) was .*, and .* is told/);
  }
});

const cause = (id: string) => {
  const subject = { id, kind: 'Bucket', name: 'files' };
  return {
    path: [{ resource: { id: 'b' } }, { resource: { id } }],
    resource: subject,
    reason: 'Failed',
    message: '',
    blockedBy: [],
  };
};
const why = (causes: readonly object[]): WhyAnswer =>
  ({ resourceId: 'b', present, why: { health: 'Degraded', causes } }) as unknown as WhyAnswer;

test('why is held to name something, and only what is not well', (t) => {
  const words = (causes: readonly object[]) => judge(createWhyIsTrue(), { whys: [why(causes)] }).join();
  t.is(words([cause('b')]), '');
  t.regex(words([]), /nothing was told, and it is Degraded/);
  t.regex(words([cause('a')]), /and it is well/);
  t.regex(words([cause('c')]), /and it is not there/);
});

test('only people may delete what people made', (t) => {
  const record = { cluster: 'one', version: 1, removed: { kind: 'Deployment', metadata: { name: 'x', uid: 'u' } } };
  const words = (deleted: readonly string[]) =>
    createAdoptedStays().onWorld?.(
      record as never,
      { byHand: { made: new Set(['u']), deleted: new Set(deleted) } } as unknown as Evidence,
    );
  t.deepEqual(words(['u']), []);
  t.is(words([])?.length, 1);
});
