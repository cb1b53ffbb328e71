import test from 'ava';
import {
  buildClientSchema,
  type GraphQLField,
  type GraphQLSchema,
  getIntrospectionQuery,
  getNamedType,
  type IntrospectionQuery,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { everyColumn } from '../helpers/every-column.js';
import { startTestServer, type TestServer } from '../helpers/server.js';
import { recordingLog } from './recording-log.js';

/** One canary for each way in, so that a find tells where it came from. */
const canaries = {
  token: 'canary-token-4f0c2a',
  key: 'canary-key-91d7e3',
  stringData: 'canary-string-data-b86f10',
  data: 'canary-data-5a3e9c',
  refused: 'canary-refused-c27d44',
} as const;
const base64 = (text: string) => Buffer.from(text).toString('base64');
const traces = Object.values(canaries).flatMap((canary) => [canary, base64(canary)]);

test('no answer, error, log line, metric or plain column holds a secret that was given', async (t) => {
  const { log, lines } = recordingLog();
  // Documents with every field of every kind are larger than what anybody asks.
  const limits = { documentCharacters: 10_000_000, queryBodyBytes: 10_000_000, fields: 1_000_000, aliases: 1_000_000 };
  const server = await startTestServer(t, { log, limits });
  const outputs: string[] = [];
  const ask = async (document: string, variables: object = {}, token?: string) => {
    const answer = await server.query<Record<string, never>>(document, variables, token);
    outputs.push(JSON.stringify(answer));
    return answer;
  };

  const edits = [
    {
      op: 'CREATE',
      kind: 'KubernetesRuntime',
      name: 'prod',
      spec: {
        provider: 'kubeconfig',
        default: true,
        cluster: {
          server: 'https://203.0.113.7',
          token: canaries.token,
          clientCertificate: 'x',
          clientKey: canaries.key,
        },
      },
    },
    { op: 'CREATE', kind: 'Environment', name: 'dev', spec: {} },
    {
      op: 'CREATE',
      kind: 'App',
      name: 'shop',
      spec: { components: [{ name: 'web', type: 'manifests', objects: [secret] }] },
    },
    { op: 'CREATE', kind: 'AppInstance', name: 'shop', environment: 'dev', spec: { app: 'shop' } },
  ];
  const apply =
    'mutation ($input: ApplyInput!) { apply(input: $input) { changesetId edits { resource { name document managers } } } }';
  t.is((await ask(apply, { input: { edits, idempotencyKey: 'once' } })).errors, undefined);
  t.is((await ask(apply, { input: { edits, idempotencyKey: 'once' } })).errors, undefined);

  const bad = (name: string, spec: object) =>
    ask(apply, { input: { edits: [{ op: 'CREATE', kind: 'KubernetesRuntime', name, spec }] } });
  const { refused } = canaries;
  const refusals = [
    await bad('a', { provider: 'kubeconfig', cluster: { server: 'https://x', token: [refused] } }),
    await bad('b', { provider: 'kubeconfig', cluster: { server: 'https://x', token: refused, extra: refused } }),
    await bad('c', { provider: 'kubeconfig', cluster: { server: 'no-url', token: refused } }),
    await ask(apply, { input: { edits: refused } }),
    await ask(apply, { input: { edits: [{ op: 'CREATE', kind: 'Tier', name: { refused } }] } }),
    await ask(
      `mutation { apply(input: { edits: [{ op: CREATE, kind: "Tier", name: { n: "${refused}" } }] }) { cursor } }`,
    ),
    await ask(apply, { input: { edits } }),
    await ask('mutation ($input: ReleaseCredentialInput!) { releaseCredential(input: $input) { secrets { value } } }', {
      input: { resourceId: crypto.randomUUID(), fence: { holder: 'nobody', epoch: 1 } },
    }),
  ];
  for (const [index, refusal] of refusals.entries()) t.truthy(refusal.errors?.length, `refusal ${index}`);

  const documents = await everythingReadable(server);
  t.log(`${documents.length} documents`);
  t.true(documents.length > 15);
  for (const document of documents) {
    const answer = await ask(document);
    t.is(answer.errors, undefined, `${document.slice(0, 60)}: ${JSON.stringify(answer.errors)}`);
  }
  const { data } = await server.query<{ plane: { incarnation: string } }>('{ plane { incarnation } }');
  const log0 = server.subscribe(
    'subscription ($after: String) { changes(after: $after) { revisions { before after document name actor manager } } }',
    {
      after: `${data?.plane.incarnation}:0`,
    },
  );
  for (let commits = 0; commits < 2; commits++) outputs.push(JSON.stringify((await log0.next()).value));
  await log0.return?.();
  outputs.push(await (await fetch(`${server.url}/metrics`)).text());

  t.true(
    outputs.some((text) => text.includes('$secret')),
    'the secrets were read, as references',
  );
  const found = (texts: readonly string[]) => texts.flatMap((text) => traces.filter((trace) => text.includes(trace)));
  t.deepEqual(found(outputs), []);
  t.deepEqual(found(lines), []);
  t.deepEqual(found(await everyColumn(server.database)), []);
});

const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'login' },
  stringData: { password: canaries.stringData },
  data: { token: base64(canaries.data) },
};

/** Enough for what a list leads to, and what that leads to. */
const DEPTH = 3;

/** Documents of each query, with every field below it to some depth that needs no argument; as large as one may be. */
async function everythingReadable(server: TestServer): Promise<readonly string[]> {
  const { data } = await server.query<IntrospectionQuery>(getIntrospectionQuery());
  if (!data) throw new Error('The graph cannot be introspected.');
  const schema = buildClientSchema(data);
  const given: Readonly<Record<string, string>> = {
    environment: '"dev"',
    kind: '"App"',
    name: '"shop"',
  };
  const fields = Object.values(schema.getQueryType()?.getFields() ?? {});
  return fields.flatMap((field) => {
    const needed = field.args.filter((argument) => isRequiredArgument(argument) || argument.name === 'environment');
    if (needed.some(({ name }) => !(name in given))) return [];
    const list = needed.map(
      ({ name }) => `${name}: ${name === 'name' && field.name === 'kubernetesRuntime' ? '"prod"' : given[name]}`,
    );
    const call = `${field.name}${list.length > 0 ? `(${list.join(', ')})` : ''}`;
    return grouped(partsOf(schema, getNamedType(field.type).name, DEPTH)).map((part) => `{ ${call} { ${part} } }`);
  });
}

/** The server takes documents of 100,000 characters. */
const LONGEST = 80_000;

function grouped(parts: readonly string[]): readonly string[] {
  const groups: string[] = [];
  for (const part of parts) {
    const last = groups.at(-1);
    if (last === undefined || last.length + part.length > LONGEST) groups.push(part);
    else groups[groups.length - 1] = `${last} ${part}`;
  }
  return groups;
}

function selectionOf(schema: GraphQLSchema, name: string, depth: number): string {
  const parts = partsOf(schema, name, depth);
  return parts.length === 0 ? '' : `{ ${parts.join(' ')} }`;
}

function partsOf(schema: GraphQLSchema, name: string, depth: number): readonly string[] {
  const type = schema.getType(name);
  if (isObjectType(type)) return fieldsOf(schema, Object.values(type.getFields()), depth, '');
  if (!isInterfaceType(type)) return [];
  const common = type.getFields();
  const parts = schema.getPossibleTypes(type).map((one, index) => {
    const own = Object.values(one.getFields()).filter((field) => !(field.name in common));
    // Fields of one name may differ in type from kind to kind, so each kind's own get a name of their own.
    return `... on ${one.name} { ${fieldsOf(schema, own, depth, `k${index}_`).join(' ')} }`;
  });
  return [...fieldsOf(schema, Object.values(common), depth, ''), ...parts];
}

function fieldsOf(
  schema: GraphQLSchema,
  fields: readonly GraphQLField<unknown, unknown>[],
  depth: number,
  prefix: string,
): readonly string[] {
  const parts = fields.flatMap((field) => {
    if (field.args.some(isRequiredArgument)) return [];
    const named = getNamedType(field.type);
    if (!isLeafType(named) && depth === 0) return [];
    const alias = prefix ? `${prefix}${field.name}: ` : '';
    return [`${alias}${field.name} ${selectionOf(schema, named.name, depth - 1)}`];
  });
  return ['__typename', ...parts];
}
