import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'ava';
import { createFileReader } from '../../../cli/files/file-reader.js';
import { FileProblemsError } from '../../../cli/files/problem.js';
import { readChanges } from '../../../cli/files/read-changes.js';
import { readYamlDocuments } from '../../../cli/files/yaml-documents.js';
import { kindsOfPlane } from '../kinds/kinds-of-plane.js';

interface Refusal {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  readonly says: readonly string[];
}

const app = (component: string) =>
  `kind: App\nname: hello\nspec:\n  components:\n    - name: web\n      type: manifests\n${component}`;
const manifest = (body: string) => ({ 'app.yaml': app('      files: [web.yaml]\n'), 'web.yaml': body });

const refusals: readonly Refusal[] = [
  {
    title: 'malformed YAML is refused with line and column',
    files: { 'app.yaml': 'kind: App\nname: [hello\nspec: {}\n' },
    says: [
      'app.yaml:3:1: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
  },
  {
    title: 'a key that is there twice is refused with line and column',
    files: { 'app.yaml': 'kind: App\nname: hello\nname: other\n' },
    says: ['app.yaml:3:1: not valid YAML: Map keys must be unique'],
  },
  {
    title: 'an unknown key is refused with its line and the nearest right name',
    files: { 'app.yaml': 'kind: Tier\nname: dev\nspec:\n  order: 1\n  descripton: first\n' },
    says: ['app.yaml:5:3: unknown key "descripton" in spec; did you mean "description"?'],
  },
  {
    title: 'an unknown key of the envelope is refused with the nearest right name',
    files: { 'app.yaml': 'kind: Tier\nnmae: dev\nname: dev\nspec: { order: 1 }\n' },
    says: ['app.yaml:2:1: unknown key "nmae" in the document; did you mean "name"?'],
  },
  {
    title: 'a wrong type is refused with its line',
    files: { 'app.yaml': 'kind: Tier\nname: dev\nspec:\n  order: first\n' },
    says: ['app.yaml:4:10: spec.order is the text "first" and must be a whole number'],
  },
  {
    title: 'a value that is none of the allowed ones is refused with the nearest',
    files: { 'app.yaml': 'kind: KubernetesRuntime\nname: prod\nspec:\n  provider: kubecfg\n' },
    says: [
      'app.yaml:4:13: spec.provider is "kubecfg" and must be "sandbox", "kubeconfig" or "cloud"; did you mean "kubeconfig"?',
    ],
  },
  {
    title: 'the program of a kubeconfig is refused with what to do instead',
    files: {
      'app.yaml':
        'kind: KubernetesRuntime\nname: prod\nspec:\n  provider: kubeconfig\n  cluster:\n    server: https://203.0.113.7\n    exec: { command: aws }\n',
    },
    says: [
      'app.yaml:7:5: "exec" cannot be used in spec.cluster: The plane has no programs, files or kubeconfig of your machine. Register the cluster from there, with: portolan runtime add NAME --kubeconfig PATH',
    ],
  },
  {
    title: 'a name with capitals is refused with what is allowed',
    files: { 'app.yaml': 'kind: Tier\nname: Dev\nspec: { order: 1 }\n' },
    says: [
      'app.yaml:2:7: name is "Dev", which is not allowed: up to 63 of a-z, 0-9 and -, beginning and ending with a letter or digit',
    ],
  },
  {
    title: 'a missing key is refused where it should be',
    files: { 'app.yaml': 'kind: Tier\nname: dev\nspec: {}\n' },
    says: ['app.yaml:3:7: spec needs "order"'],
  },
  {
    title: 'an unknown kind is refused with the nearest',
    files: { 'app.yaml': 'kind: Envrionment\nname: dev\nspec: {}\n' },
    says: ['app.yaml:1:7: there is no kind "Envrionment"; did you mean "Environment"?'],
  },
  {
    title: 'a document without kind is refused with the kinds there are',
    files: { 'app.yaml': 'name: dev\nspec: {}\n' },
    says: [
      'app.yaml:1:1: a document needs "kind", one of Project, Tier, Environment, Offer, CloudAccount, KubernetesRuntimeDefinition, KubernetesRuntime, App, AppInstance, DatabaseDefinition, Database, BucketDefinition, Bucket, SecretDefinition, Secret, GatewayDefinition, Gateway, DomainNameDefinition, DomainName, ManagedServiceDefinition, ManagedService, TerraformStackDefinition, TerraformStack, ObservabilityStackDefinition, ObservabilityStack, SupportServiceDefinition, SupportService, Network, CloudCluster or NodeGroup',
    ],
  },
  {
    title: 'a kind that Portolan makes itself is refused',
    files: { 'app.yaml': 'kind: Workload\nname: web\nspec: {}\n' },
    says: ['app.yaml:1:7: Workload is made by Portolan itself and cannot be written in a file'],
  },
  {
    title: 'a component with neither files nor objects is refused with both',
    files: { 'app.yaml': app('') },
    says: ['app.yaml:5:7: spec.components[0] needs "objects", "files" or "chart"'],
  },
  {
    title: 'a wrong type in the place of a secret is refused',
    files: {
      'app.yaml':
        'kind: KubernetesRuntime\nname: prod\nspec:\n  provider: kubeconfig\n  cluster: { server: "https://a", token: 5 }\n',
    },
    says: ['app.yaml:5:42: spec.cluster.token is the number 5 and must be a text or an object with keys'],
  },
  {
    title: 'a Kubernetes object outside of an app is refused with where it belongs',
    files: { 'app.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n' },
    says: [
      "app.yaml:1:13: this is a Kubernetes ConfigMap, not one of Portolan's; list its file under spec.components[].files of an App",
    ],
  },
  {
    title: 'a manifest without kind is refused in its own file',
    files: manifest('apiVersion: v1\nmetadata:\n  name: a\n'),
    says: ['web.yaml:1:1: a Kubernetes object needs kind, such as Deployment'],
  },
  {
    title: 'a manifest without apiVersion and name is refused for both',
    files: manifest('# a comment\nkind: ConfigMap\nmetadata:\n  labels: {}\n'),
    says: [
      'web.yaml:2:1: a Kubernetes object needs apiVersion, such as apps/v1',
      'web.yaml:3:1: ConfigMap needs metadata.name',
    ],
  },
  {
    title: 'a name that Kubernetes would refuse is refused with its line and one that would do',
    files: manifest('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: My_Config\n'),
    says: [
      'web.yaml:4:9: Kubernetes would refuse the name of ConfigMap "My_Config": it may hold a-z, 0-9, - and ., and must begin and end with a letter or digit (RFC 1123); "my-config" would do',
    ],
  },
  {
    title: 'a Service name that begins with a digit is refused',
    files: manifest('apiVersion: v1\nkind: Service\nmetadata:\n  name: 1web\n'),
    says: ['web.yaml:4:9: Kubernetes would refuse the name of Service "1web": it must begin with a letter (RFC 1035)'],
  },
  {
    title: 'a container name that Kubernetes would refuse is refused with its line',
    files: manifest(
      'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n      containers:\n        - name: web_1\n',
    ),
    says: [
      'web.yaml:9:17: Kubernetes would refuse the name of a container "web_1": it may hold a-z, 0-9 and -, and must begin and end with a letter or digit (RFC 1123); "web-1" would do',
    ],
  },
  {
    title: 'generateName is refused with the reason',
    files: manifest('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  generateName: a-\n'),
    says: ['web.yaml:4:3: generateName gives another name each time; give the object a name'],
  },
  {
    title: 'an object that is there twice is refused with both places',
    files: manifest(
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n',
    ),
    says: ['web.yaml:5:1: ConfigMap a is there twice; first at web.yaml:1'],
  },
  {
    title: 'a problem in the items of a List is placed in the item',
    files: manifest('apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: ConfigMap\n    metadata: {}\n'),
    says: ['web.yaml:6:5: ConfigMap needs metadata.name'],
  },
  {
    title: 'malformed YAML in a manifest is refused in its own file',
    files: manifest('apiVersion: v1\nkind: ConfigMap\n metadata: {}\n'),
    says: ['web.yaml:2:7: not valid YAML: Nested mappings are not allowed in compact mappings'],
  },
  {
    title: 'a manifest file that is not there is refused where it is named, with one that is',
    files: { 'app.yaml': app('      files:\n        - manifests/wbe.yaml\n'), 'manifests/web.yaml': '' },
    says: ['app.yaml:8:11: manifests/wbe.yaml is not there; did you mean web.yaml?'],
  },
  {
    title: 'a glob that fits nothing is refused where it is named',
    files: { 'app.yaml': app('      files: ["manifests/*.yaml"]\n') },
    says: ['app.yaml:7:15: no .yaml, .yml or .json file matches manifests/*.yaml'],
  },
  {
    title: 'a document that is there twice is refused with both places',
    files: {
      'app.yaml': 'kind: Tier\nname: dev\nspec: { order: 1 }\n---\nkind: Tier\nname: dev\nspec: { order: 2 }\n',
    },
    says: ['app.yaml:5: Tier dev is there twice; first at app.yaml:1'],
  },
  {
    title: 'all problems of all documents are said at once',
    files: { 'app.yaml': 'kind: Tier\nname: dev\nspec: { oder: 1 }\n---\nkind: Teir\nname: x\n' },
    says: [
      'app.yaml:3:7: spec needs "order"',
      'app.yaml:3:9: unknown key "oder" in spec; did you mean "order"?',
      'app.yaml:5:7: there is no kind "Teir"; did you mean "Tier"?',
    ],
  },
];

for (const { title, files, says } of refusals) {
  test(title, async (t) => {
    const error = await t.throwsAsync(read(files), { instanceOf: FileProblemsError });
    t.deepEqual(error.message.split('\n'), says);
    t.is(error.code, 'BAD_USER_INPUT');
  });
}

test('files become the objects of their component, globs in the order of their names', async (t) => {
  const [stated] = await read({
    'app.yaml': app('      files: ["m/*.yaml"]\n'),
    'm/b.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: b }\n---\n---\napiVersion: v1\nkind: Secret\nmetadata: { name: c }\n',
    'm/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n',
  });
  t.like(stated, { name: 'hello', project: null, place: 'app.yaml:1' });
  const components = stated?.spec.components as readonly { objects: readonly { metadata: { name: string } }[] }[];
  t.deepEqual(Object.keys(components[0] ?? {}), ['name', 'type', 'objects']);
  t.deepEqual(
    components[0]?.objects.map((object) => object.metadata.name),
    ['a', 'b', 'c'],
  );
});

test('scalars are read as kubectl reads them', (t) => {
  const [document] = readYamlDocuments('a.yaml', 'mode: 0644\non: yes\noff: "no"\nplain: 10\ndate: 2026-01-02\n');
  t.deepEqual(document?.value, { mode: 420, true: true, false: 'no', plain: 10, date: '2026-01-02' });
});

test('kinds that others refer to come first, whatever the order in the files', async (t) => {
  const stated = await read({
    'app.yaml':
      'kind: Environment\nname: dev\nspec: { tier: low }\n---\nkind: Tier\nname: low\nspec: { order: 1 }\n---\nkind: Project\nname: shop\nspec: {}\n',
  });
  t.deepEqual(
    stated.map(({ kind, name }) => `${kind.name} ${name}`),
    ['Project shop', 'Tier low', 'Environment dev'],
  );
});

async function read(files: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), 'portolan-files-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    const reader = createFileReader(folder);
    const documents = readYamlDocuments('app.yaml', files['app.yaml'] ?? '');
    return await readChanges(documents, kindsOfPlane, reader);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
