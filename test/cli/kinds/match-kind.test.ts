import test from 'ava';
import { matchKind } from '../../../cli/kinds/match-kind.js';
import { BadInputError, NotFoundError } from '../../../lib/errors.js';
import { kindsOfPlane } from './kinds-of-plane.js';

const table: readonly (readonly [string, string])[] = [
  ['AppInstance', 'AppInstance'],
  ['appinstances', 'AppInstance'],
  ['app-instance', 'AppInstance'],
  ['app_instances', 'AppInstance'],
  ['appi', 'AppInstance'],
  ['app', 'App'],
  ['APPS', 'App'],
  ['env', 'Environment'],
  ['work', 'Workload'],
  ['kube', 'KubernetesRuntime'],
  ['ti', 'Tier'],
  ['databasedef', 'DatabaseDefinition'],
];

for (const [word, name] of table) {
  test(`${word} means ${name}`, (t) => {
    t.is(matchKind(word, kindsOfPlane).name, name);
  });
}

test('a prefix of several kinds is refused with their names', (t) => {
  const error = t.throws(() => matchKind('ap', kindsOfPlane), { instanceOf: BadInputError });
  t.is(error.message, '"ap" may be App or AppInstance.');
});

test('an unknown kind is refused with the nearest', (t) => {
  const error = t.throws(() => matchKind('environmnet', kindsOfPlane), { instanceOf: NotFoundError });
  t.is(error.message, 'There is no kind "environmnet". Did you mean Environment?');
  t.throws(() => matchKind('', kindsOfPlane), { instanceOf: NotFoundError });
});
