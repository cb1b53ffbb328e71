import { graphRequest } from '../harness/graph-request.js';
import { writeCase } from '../harness/write-case.js';

export const applyMutation = writeCase({
  name: 'm.apply',
  what: 'One changeset of 1,000 new resources in one transaction, one after the other.',
  floor: 'apply',
  atLeast: 0.5,
  connections: 1,
  sizes: (isSmoke) => ({ warmTurns: isSmoke ? 2 : 16, turns: isSmoke ? 2 : 8 }),
  requests: (token, prefix) => [
    { ...graphRequest(token, document, { input: { edits: edits(prefix) } }), contains: `"name":"${prefix}` },
  ],
});

const EDITS = 1_000;

function edits(prefix: string) {
  return Array.from({ length: EDITS }, (_, index) => ({
    op: 'CREATE',
    kind: 'Secret',
    environment: 'dev',
    name: `${prefix}{{t}}-${index}`,
    spec: { generate: [{ key: 'token', length: 32 }] },
  }));
}

const document = `mutation Apply($input: ApplyInput!) { apply(input: $input) { changesetId edits { resourceId name } } }`;
