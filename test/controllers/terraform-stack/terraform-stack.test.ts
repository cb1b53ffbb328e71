import test from 'ava';
import { terraformStack } from '../../../controllers/terraform-stack/terraform-stack.js';
import { makeCloud } from '../cloud/make-cloud.js';

const of = (variables: object) =>
  makeCloud.resource('TerraformStack', { account: 'cloud', module: 'cache', variables });

test('hands variables that nobody may read apart from the others', (t) => {
  const variables = { size: 'small', password: makeCloud.secret('s'), list: [{ deep: makeCloud.secret('d') }] };
  t.deepEqual(terraformStack.propertiesOf(makeCloud.look(of(variables))), {
    module: 'cache',
    variables: { size: 'small' },
    secretVariables: { password: makeCloud.secret('s'), list: [{ deep: makeCloud.secret('d') }] },
  });
});

test('gives every output of the module, sensitive ones as references alone', (t) => {
  const attributes = { port: 6379, auth_token: 'hidden', tree: { a: 1 } };
  const seen = makeCloud.seen({ attributes, sensitive: ['auth_token', 'tree'] });
  const kept = { auth_token: makeCloud.secret('a'), old: makeCloud.secret('o') };
  const look = makeCloud.look(of({}), { seen, kept });
  t.deepEqual(terraformStack.outputsOf(look), { port: 6379, auth_token: makeCloud.secret('a'), tree: undefined });
  t.deepEqual(terraformStack.secretOutputsOf?.(look), { auth_token: 'hidden', tree: '{"a":1}' });
});
