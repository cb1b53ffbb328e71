import anyTest, { type TestFn } from 'ava';
import { type Answer, startTestServer, type TestServer } from '../helpers/server.js';

/** Two people over the wire: one of the platform, who defines what may be had, and a developer, who has it. */
const test = anyTest as TestFn<{ server: TestServer; developer: string }>;

test.before(async (t) => {
  t.timeout(60_000);
  const server = await startTestServer(null);
  const developer = await setUp(server);
  t.context = { server, developer };
});
test.after.always((t) => t.context.server?.close());

const SECRET = 'canary-of-the-definition-41f0';

const apply = (server: TestServer, edits: readonly object[], token?: string) =>
  server.query<{ apply: unknown }>(
    'mutation ($input: ApplyInput!) { apply(input: $input) { edits { result } } }',
    { input: { edits } },
    token,
  );

const createToken = (server: TestServer, input: object, token?: string) =>
  server.query<{ createToken: { token: string; apiToken: { id: string } } }>(
    'mutation ($input: CreateTokenInput!) { createToken(input: $input) { token apiToken { id name role projects } } }',
    { input },
    token,
  );

/** What the platform has: tiers, a runtime, an account, definitions, and what of it is offered to team-a. */
async function setUp(server: TestServer): Promise<string> {
  const platform = (kind: string, name: string, spec: object) => ({
    op: 'APPLY',
    kind,
    project: 'platform',
    name,
    spec,
  });
  const offered = (kind: string, name: string) =>
    platform('Offer', `${kind.toLowerCase()}-${name}`, {
      resource: { kind, name, scope: 'project' },
      projects: ['team-a'],
    });
  const guardrails = {
    open: ['storageGb', 'size'],
    maxima: [{ path: 'storageGb', maximum: 100 }],
    allowed: [{ path: 'size', values: ['small', 'medium'] }],
  };
  const team = { op: 'APPLY', project: 'team-a' };
  const answer = await apply(server, [
    ...['platform', 'team-a', 'team-b'].map((name) => ({ op: 'APPLY', kind: 'Project', name, spec: {} })),
    platform('KubernetesRuntime', 'shared', { provider: 'sandbox' }),
    platform('CloudAccount', 'cloud', {
      provider: 'sandbox',
      location: 'europe-paris',
      credentials: { keyId: 'k', key: SECRET },
    }),
    platform('DatabaseDefinition', 'standard', { defaults: { engine: 'postgres', account: 'cloud' }, guardrails }),
    platform('ManagedServiceDefinition', 'search', {
      service: 'search',
      token: SECRET,
      defaults: { account: 'cloud' },
    }),
    offered('KubernetesRuntime', 'shared'),
    offered('CloudAccount', 'cloud'),
    offered('DatabaseDefinition', 'standard'),
    offered('ManagedServiceDefinition', 'search'),
    { ...team, kind: 'Tier', name: 'dev', spec: { order: 1 } },
    { ...team, kind: 'Environment', name: 'dev', spec: { tier: 'dev', runtime: 'platform/shared' } },
  ]);
  if (answer.errors) throw new Error(answer.errors[0]?.message);
  const made = await createToken(server, { name: 'ann', role: 'developer', projects: ['team-a'] });
  return made.data?.createToken.token ?? '';
}

const app = {
  op: 'APPLY',
  kind: 'App',
  project: 'team-a',
  name: 'shop',
  spec: {
    parameters: [{ name: 'storage', type: 'int', default: 20 }],
    dependencies: [
      {
        name: 'db',
        kind: 'Database',
        definition: 'platform/standard',
        spec: { storageGb: { $from: 'parameters.storage' } },
      },
      { name: 'search', kind: 'ManagedService', definition: 'platform/search' },
    ],
    components: [
      {
        name: 'web',
        type: 'manifests',
        objects: [
          { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'shop' }, data: { host: { $from: 'db.host' } } },
        ],
      },
    ],
  },
};

const deploy = (server: TestServer, token: string, spec: object = {}): Promise<Answer<{ apply: unknown }>> =>
  apply(
    server,
    [
      {
        op: 'DEPLOY',
        kind: 'AppInstance',
        project: 'team-a',
        environment: 'dev',
        name: 'shop',
        spec: { app: 'shop', ...spec },
      },
    ],
    token,
  );

test('a developer deploys an app with what the platform offers, and is told the limits and whose they are', async (t) => {
  const { server, developer } = t.context;
  t.is((await apply(server, [app], developer)).errors, undefined);
  t.is((await deploy(server, developer)).errors, undefined);

  const read = await server.query<{ databaseDefinition: { document: { guardrails: object } } }>(
    '{ databaseDefinition(project: "platform", name: "standard") { document } }',
    {},
    developer,
  );
  t.like(read.data?.databaseDefinition.document.guardrails, { maxima: [{ path: 'storageGb', maximum: 100 }] });

  const beyond = await deploy(server, developer, { parameters: { storage: 500 } });
  t.is(
    beyond.errors?.[0]?.message,
    'Database db: storageGb is 500, and at most 100 is allowed. The rule is `maxima` of DatabaseDefinition standard of project platform, set by operator.',
  );
  t.like(beyond.errors?.[0]?.extensions, {
    code: 'BAD_USER_INPUT',
    rule: 'maxima',
    owner: 'DatabaseDefinition standard of project platform, set by operator',
    allowed: { maximum: 100 },
    path: ['edits', 0, 'spec', 'parameters'],
  });
  const closed = await deploy(server, developer, { dependencies: { db: { spec: { multiZone: true } } } });
  t.regex(closed.errors?.[0]?.message ?? '', /multiZone is set, and only storageGb, size may be/);
  t.is((await deploy(server, developer, { parameters: { storage: 60 } })).errors, undefined);
});

test('nothing that a developer reads holds a secret of the platform', async (t) => {
  const { server, developer } = t.context;
  const { data } = await server.query(
    `{ resources(first: 200) { nodes { kind name document managers status { outputs { value } observed } revisions(first: 20) { nodes { document } } } } }`,
    {},
    developer,
  );
  const text = JSON.stringify(data);
  t.true(text.includes('"search"'));
  t.false(text.includes(SECRET));
  const released = await server.query(
    'mutation ($input: ReleaseCredentialInput!) { releaseCredential(input: $input) { secrets { value } } }',
    { input: { resourceId: crypto.randomUUID(), fence: { holder: 'ann', epoch: 1 } } },
    developer,
  );
  t.is(released.errors?.[0]?.extensions.code, 'FORBIDDEN');
});

const forbidden: readonly { readonly title: string; readonly edit: object; readonly said: RegExp }[] = [
  {
    title: 'a tier',
    edit: { op: 'APPLY', kind: 'Tier', project: 'team-a', name: 'free', spec: { order: 1 } },
    said: /The kind Tier is the platform's to write, and ann has the role developer\. Developers write: App, AppInstance, /,
  },
  {
    title: 'an offer in her own project',
    edit: { op: 'APPLY', kind: 'Offer', project: 'team-a', name: 'x', spec: {} },
    said: /The kind Offer is the platform's/,
  },
  { title: 'a project', edit: { op: 'APPLY', kind: 'Project', name: 'more', spec: {} }, said: /The kind Project/ },
  {
    title: 'an app in another project',
    edit: { ...app, project: 'team-b' },
    said: /The project team-b is not one that ann may write in/,
  },
  {
    title: 'a deletion that forgets what is outside',
    edit: { op: 'DELETE', kind: 'AppInstance', project: 'team-a', environment: 'dev', name: 'shop', force: true },
    said: /To forget what is outside is for operators/,
  },
];

for (const { title, edit, said } of forbidden) {
  test(`${title} is FORBIDDEN to a developer, to plan as well`, async (t) => {
    const { server, developer } = t.context;
    const applied = await apply(server, [edit], developer);
    t.is(applied.errors?.[0]?.extensions.code, 'FORBIDDEN');
    t.regex(applied.errors?.[0]?.message ?? '', said);
    const planned = await server.query(
      'query ($edits: [EditInput!]!) { plan(input: { edits: $edits }) { hash } }',
      { edits: [edit] },
      developer,
    );
    t.is(planned.errors?.[0]?.extensions.code, 'FORBIDDEN');
  });
}

test('what is outside is shown to developers of the project alone', async (t) => {
  const { server, developer } = t.context;
  const other = await createToken(server, { name: 'bob', role: 'developer', projects: ['team-b'] });
  await apply(server, [{ ...app, name: 'seen' }], developer);
  const seen = {
    op: 'APPLY',
    kind: 'AppInstance',
    project: 'team-a',
    environment: 'dev',
    name: 'seen',
    spec: { app: 'seen' },
  };
  t.is((await apply(server, [seen], developer)).errors, undefined);
  const found = await server.query<{ appInstance: { id: string } }>(
    '{ appInstance(project: "team-a", environment: "dev", name: "seen") { id } }',
  );
  const logs = (token: string) =>
    server.query('query ($id: ID!) { logs(id: $id) { unavailable } }', { id: found.data?.appInstance.id }, token);
  t.is((await logs(developer)).errors, undefined);
  t.is((await logs(other.data?.createToken.token ?? '')).errors?.[0]?.extensions.code, 'FORBIDDEN');
});

test('tokens are made and revoked by operators, told once, and listed without what they are', async (t) => {
  const { server, developer } = t.context;
  const made = await createToken(server, { name: 'eve', role: 'developer', projects: ['team-b', 'team-a'] });
  const { token = '', apiToken } = made.data?.createToken ?? {};
  const me = await server.query('{ me { name role projects } }', {}, token);
  t.deepEqual(me.data, { me: { name: 'eve', role: 'developer', projects: ['team-a', 'team-b'] } } as never);
  t.is(
    (await createToken(server, { name: 'x', role: 'operator' }, developer)).errors?.[0]?.extensions.code,
    'FORBIDDEN',
  );
  t.is((await server.query('{ tokens { id } }', {}, developer)).errors?.[0]?.extensions.code, 'FORBIDDEN');

  const listed = await server.query<{ tokens: { name: string; revokedAt: string | null }[] }>(
    '{ tokens { name role projects revokedAt } }',
  );
  t.like(
    listed.data?.tokens.find(({ name }) => name === 'eve'),
    { role: 'developer', projects: ['team-a', 'team-b'], revokedAt: null } as object,
  );
  t.false(JSON.stringify(listed.data).includes(token));
  const revoked = await server.query<{ revokeToken: { apiToken: { revokedAt: string | null } } }>(
    'mutation ($id: ID!) { revokeToken(input: { id: $id }) { apiToken { revokedAt } } }',
    { id: apiToken?.id },
  );
  t.truthy(revoked.data?.revokeToken.apiToken.revokedAt);
});

const badTokens: readonly (readonly [title: string, input: object, code: string, said: RegExp])[] = [
  ['a developer without a project', { name: 'x', role: 'developer' }, 'BAD_USER_INPUT', /needs a project at least/],
  [
    'an operator of a project',
    { name: 'x', role: 'operator', projects: ['team-a'] },
    'BAD_USER_INPUT',
    /not bound to projects/,
  ],
  [
    'a project that is not there',
    { name: 'x', role: 'developer', projects: ['none'] },
    'NOT_FOUND',
    /no Project called none/,
  ],
  [
    'the name of a layer',
    { name: 'layer:tier/dev', role: 'operator' },
    'BAD_USER_INPUT',
    /cannot be the name of somebody/,
  ],
  [
    'the name of somebody with other rights',
    { name: 'operator', role: 'developer', projects: ['team-a'] },
    'CONFLICT',
    /There is an operator called operator already/,
  ],
];

for (const [title, input, code, said] of badTokens) {
  test(`no token is made for ${title}`, async (t) => {
    const { errors } = await createToken(t.context.server, input);
    t.is(errors?.[0]?.extensions.code, code);
    t.regex(errors?.[0]?.message ?? '', said);
  });
}

test('the last token of an operator cannot be revoked', async (t) => {
  const server = await startTestServer(t);
  const { data } = await server.query<{ tokens: { id: string; role: string }[] }>('{ tokens { id role } }');
  const id = data?.tokens.find(({ role }) => role === 'operator')?.id;
  const { errors } = await server.query('mutation ($id: ID!) { revokeToken(input: { id: $id }) { apiToken { id } } }', {
    id,
  });
  t.is(errors?.[0]?.extensions.code, 'CONFLICT');
});
