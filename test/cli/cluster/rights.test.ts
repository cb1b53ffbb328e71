import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { rulesFor, ruleText } from '../../../cli/cluster/rights.js';
import { BadInputError } from '../../../lib/errors.js';

async function fileWith(t: ExecutionContext, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'portolan-rights-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'role.yaml');
  await writeFile(path, text);
  return path;
}

test('without a word, every kind may be written, and rights may be handed out', (t) => {
  t.deepEqual(rulesFor({ rbac: true }).map(ruleText), [
    { verbs: 'get, list, watch, create, update, patch, delete', on: 'every kind' },
    { verbs: 'escalate, bind', on: 'roles, clusterroles of rbac.authorization.k8s.io' },
  ]);
  t.is(rulesFor({ rbac: false }).length, 1);
});

test('the rules of a ClusterRole in a file are taken as they are', async (t) => {
  const rules = `rules: [{ apiGroups: [apps], resources: [deployments], resourceNames: [web], verbs: ['*'] }]`;
  const rights = await fileWith(t, `kind: Role\n---\nkind: ClusterRole\n${rules}\n`);
  t.deepEqual(rulesFor({ rights, rbac: true }).map(ruleText), [{ verbs: 'all', on: 'deployments of apps called web' }]);
});

for (const [title, text, message] of [
  ['that is no YAML', 'a: [', /is not valid YAML/],
  ['without a ClusterRole', 'kind: Role\nrules: [{ verbs: [get] }]\n', /holds no ClusterRole with rules/],
  ['with a rule without verbs', 'kind: ClusterRole\nrules: [{ resources: [pods] }]\n', /has a rule 1 without verbs/],
] as const) {
  test(`a rights file ${title} is refused`, async (t) => {
    const rights = await fileWith(t, text);
    t.throws(() => rulesFor({ rights, rbac: true }), { instanceOf: BadInputError, message });
  });
}

test('a rights file that is not there is refused by its path', (t) => {
  t.throws(() => rulesFor({ rights: '/nowhere/role.yaml', rbac: true }), {
    instanceOf: BadInputError,
    message: /^The rights file \/nowhere\/role\.yaml cannot be read\./,
  });
});
