import test from 'ava';
import { imageStatement, parseWantedImage } from '../../../cli/images/image-statement.js';

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', labels: { a: 'b' } },
  spec: {
    replicas: 2,
    template: {
      spec: {
        initContainers: [{ name: 'migrate', image: 'shop:1' }],
        containers: [
          { name: 'web', image: 'shop:1', args: ['-v'] },
          { name: 'log', image: 'fluent:1' },
        ],
      },
    },
  },
};
const cronJob = {
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'nightly' },
  spec: { jobTemplate: { spec: { template: { spec: { containers: [{ name: 'web', image: 'shop:1' }] } } } } },
};
const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { a: 'b' } };
const app = {
  components: [
    { name: 'web', type: 'manifests', objects: [configMap, deployment, cronJob] },
    {
      name: 'db',
      type: 'manifests',
      objects: [{ ...deployment, spec: { containers: [{ name: 'db', image: 'm:1' }] } }],
    },
    { name: 'plain', type: 'manifests', objects: [configMap] },
  ],
};
const state = (...images: readonly string[]) => imageStatement('shop', app, images.map(parseWantedImage));

test('the only container of a component need not be named', (t) => {
  const { labels: _, ...metadata } = deployment.metadata;
  const object = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: { containers: [{ name: 'db', image: 'm:2' }] },
  };
  t.deepEqual(state('db=m:2'), { components: [{ name: 'db', objects: [object] }] });
});

test('several containers and objects of a component are one part of it, with nothing but images', (t) => {
  const statement = state('web/web=registry.example:5000/shop@sha256:abc', 'web/migrate=shop:2');
  t.deepEqual(statement, {
    components: [
      {
        name: 'web',
        objects: [
          {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            metadata: { name: 'web', namespace: 'shop' },
            spec: {
              template: {
                spec: {
                  initContainers: [{ name: 'migrate', image: 'shop:2' }],
                  containers: [{ name: 'web', image: 'registry.example:5000/shop@sha256:abc' }],
                },
              },
            },
          },
          {
            apiVersion: 'batch/v1',
            kind: 'CronJob',
            metadata: { name: 'nightly' },
            spec: {
              jobTemplate: {
                spec: {
                  template: { spec: { containers: [{ name: 'web', image: 'registry.example:5000/shop@sha256:abc' }] } },
                },
              },
            },
          },
        ],
      },
    ],
  });
});

const refused: readonly { readonly title: string; readonly images: readonly string[]; readonly message: RegExp }[] = [
  { title: 'no image', images: ['web'], message: /must be COMPONENT=IMAGE/ },
  { title: 'a component that is not there', images: ['webb=a'], message: /no component webb\. Did you mean "web"\?/ },
  { title: 'a container that is not there', images: ['web/lgo=a'], message: /no container lgo\. Did you mean "log"\?/ },
  { title: 'one of several', images: ['web=a'], message: /several containers: migrate, web, log\./ },
  { title: 'a component without containers', images: ['plain=a'], message: /no manifests with containers/ },
  { title: 'a container named twice', images: ['db=a', 'db/db=b'], message: /db of db is named twice/ },
];
for (const { title, images, message } of refused) {
  test(`${title} is refused in words`, (t) => {
    t.throws(() => state(...images), { message });
  });
}
