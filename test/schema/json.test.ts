import { Ajv2020 } from 'ajv/dist/2020.js';
import test from 'ava';
import { fileSchema } from '../../schema/json.js';
import { appKind } from '../../schema/kinds/app.js';
import { appInstanceKind } from '../../schema/kinds/app-instance.js';
import { builtInKinds } from '../../schema/kinds/built-in.js';
import { kubernetesRuntimeKind } from '../../schema/kinds/kubernetes-runtime.js';
import { projectKind } from '../../schema/kinds/project.js';

const ajv = new Ajv2020({ strict: false });
const app = (component: object) => ({
  kind: 'App',
  name: 'shop',
  spec: { components: [{ name: 'web', type: 'manifests', ...component }] },
});

test('the fixture of every kind is a valid document', (t) => {
  for (const kind of builtInKinds.kinds) {
    const check = ajv.compile(fileSchema(kind));
    t.true(
      check({ kind: kind.name, name: 'example', spec: kind.fixtures[kind.specVersion] }),
      ajv.errorsText(check.errors),
    );
  }
});

const cases: readonly { readonly title: string; readonly document: object; readonly isValid: boolean }[] = [
  { title: 'files may stand in for objects', document: app({ files: ['web.yaml'] }), isValid: true },
  {
    title: 'files may stand beside objects',
    document: app({ files: ['web.yaml'], objects: [{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } }] }),
    isValid: true,
  },
  { title: 'a component without either is refused', document: app({}), isValid: false },
  { title: 'an unknown key is refused', document: { ...app({ files: ['a.yaml'] }), naem: 'x' }, isValid: false },
  {
    title: 'a label that is a number is refused',
    document: { ...app({ files: ['a'] }), labels: { a: 1 } },
    isValid: false,
  },
  { title: 'an app is in no environment', document: { ...app({ files: ['a'] }), environment: 'dev' }, isValid: false },
];
for (const { title, document, isValid } of cases) {
  test(title, (t) => {
    t.is(ajv.validate(fileSchema(appKind), document), isValid, ajv.errorsText());
  });
}

test('a document names what its scope needs', (t) => {
  t.deepEqual(Object.keys(properties(projectKind)), ['kind', 'name', 'labels', 'spec']);
  t.deepEqual(Object.keys(properties(appInstanceKind)), ['kind', 'name', 'project', 'environment', 'labels', 'spec']);
});

test('in the place of a secret, an export has its reference', (t) => {
  const spec = (token: unknown) => ({
    kind: 'KubernetesRuntime',
    name: 'prod',
    spec: { provider: 'kubeconfig', cluster: { server: 'https://example.org', token } },
  });
  const check = ajv.compile(fileSchema(kubernetesRuntimeKind));
  t.true(check(spec('text')));
  t.true(check(spec({ $secret: { id: 'a', version: 1 } })));
  t.false(check(spec({ secret: 'a' })));
});

function properties(kind: Parameters<typeof fileSchema>[0]): object {
  return Object(fileSchema(kind).properties);
}
