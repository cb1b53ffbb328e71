import { graphRequest } from '../harness/graph-request.js';
import { writeCase } from '../harness/write-case.js';

export const writeMutation = writeCase({
  name: 'm.write',
  what: 'Creates and updates in turn of 16 writers: validation, version check, the row, the changeset, the log, durably.',
  floor: 'write',
  atLeast: 0.7,
  connections: 16,
  sizes: (isSmoke) => ({ warmTurns: isSmoke ? 8 : 160, turns: isSmoke ? 10 : 120 }),
  requests: requestsOf,
});

/** Each turn makes a new one, and changes it. */
function requestsOf(token: string, prefix: string) {
  const name = `${prefix}{{c}}-{{t}}`;
  const create = graphRequest(token, createDocument, { input: { environment: 'dev', name, spec: spec(32) } });
  const update = graphRequest(token, updateDocument, {
    input: { environment: 'dev', name, spec: spec(40), expectedVersion: 1 },
  });
  return [
    { ...create, contains: '"version":1' },
    { ...update, contains: '"version":2' },
  ];
}

const spec = (length: number) => ({ generate: [{ key: 'token', length }] });

const createDocument = `mutation Create($input: CreateSecretInput!) { createSecret(input: $input) { id name generation version } }`;
const updateDocument = `mutation Update($input: UpdateSecretInput!) { updateSecret(input: $input) { id name generation version } }`;
