import type { JsonObject } from '../../lib/canonical.js';

/** An app that users of the simulation deploy: small, with dependencies of its own, or of others. */
export interface SimApp {
  readonly name: string;
  /** Where it is deployed: dev has two runtimes that are there already, that of far is made in a cloud when it is first needed. */
  readonly environment: 'dev' | 'far';
  /** Apps that have to be there first. */
  readonly needs: readonly string[];
  /** `version`: of its image, so that every release differs. */
  spec(version: number): JsonObject;
}

/** Each change gives it a value that it never had, so that what was seen before is told from what is wanted now. */
const color = { name: 'color', type: 'string', default: 'color-0' } as const;
const replicas = { name: 'replicas', type: 'int', default: 1, minimum: 1, maximum: 2 } as const;
const backups = { name: 'backups', type: 'int', default: 1, minimum: 1, maximum: 9 } as const;

/** Of it there is a Deployment before it is deployed, in a namespace of that name, which somebody made by hand. */
export const LEGACY = 'legacy';

export const simApps: readonly SimApp[] = [
  {
    name: 'base',
    environment: 'dev',
    needs: [],
    spec: (version) => ({
      parameters: [color, replicas, backups],
      dependencies: [
        {
          name: 'db',
          kind: 'Database',
          definition: 'small',
          spec: { engine: 'postgres', backupDays: { $from: 'parameters.backups' } },
        },
        { name: 'keys', kind: 'Secret', spec: { generate: [{ key: 'salt' }] } },
      ],
      components: [
        web('base', version, [
          ['COLOR', 'parameters.color'],
          ['DB', 'db.host'],
          ['SALT', 'keys.salt'],
        ]),
      ],
    }),
  },
  {
    name: 'front',
    environment: 'dev',
    needs: ['base'],
    spec: (version) => ({
      parameters: [color, replicas],
      dependencies: [
        { name: 'base', kind: 'AppInstance' },
        { name: 'files', kind: 'Bucket', spec: { onDelete: 'empty' } },
      ],
      components: [
        web('front', version, [
          ['COLOR', 'parameters.color'],
          ['URL', 'base.url'],
          ['FILES', 'files.name'],
        ]),
      ],
    }),
  },
  {
    name: 'tool',
    environment: 'dev',
    needs: [],
    spec: (version) => ({
      parameters: [color, replicas],
      components: [
        web('tool', version, [['COLOR', 'parameters.color']]),
        // A part that only some releases have.
        ...(version % 2 === 0 ? [settings('more', version)] : []),
      ],
    }),
  },
  {
    name: 'gate',
    environment: 'dev',
    needs: [],
    spec: (version) => ({
      parameters: [color, replicas],
      dependencies: [reachedFrom('gate')],
      components: [web('gate', version, [['COLOR', 'parameters.color']])],
    }),
  },
  {
    name: 'charted',
    environment: 'dev',
    needs: [],
    spec: (version) => ({
      parameters: [color, replicas],
      components: [
        {
          name: 'web',
          type: 'helm',
          chart: { name: 'web' },
          values: {
            image: `example.com/charted:${version}`,
            replicas: { $from: 'parameters.replicas' },
            env: { COLOR: { $from: 'parameters.color' } },
          },
        },
      ],
    }),
  },
  {
    name: LEGACY,
    environment: 'dev',
    needs: [],
    spec: (version) => ({
      parameters: [color, replicas],
      policy: { adopt: [`Deployment/${LEGACY}`] },
      components: [inNamespace(LEGACY, web(LEGACY, version, [['COLOR', 'parameters.color']]))],
    }),
  },
  {
    name: 'shop',
    environment: 'far',
    needs: [],
    spec: (version) => ({
      parameters: [color, replicas],
      dependencies: [reachedFrom('shop'), { name: 'files', kind: 'Bucket', spec: { onDelete: 'empty' } }],
      components: [
        web('shop', version, [
          ['COLOR', 'parameters.color'],
          ['FILES', 'files.name'],
        ]),
      ],
    }),
  },
];

/** A gateway, which brings what it needs to its runtime, and a name in the zone that all share. */
function reachedFrom(name: string): JsonObject {
  return {
    name: 'gateway',
    kind: 'Gateway',
    spec: { domain: 'example', subdomain: name, routes: [{ service: name, port: 80 }] },
  };
}

function web(name: string, version: number, variables: readonly (readonly [string, string])[]): JsonObject {
  const labels = { app: name };
  const container = {
    name: 'main',
    image: `example.com/${name}:${version}`,
    env: variables.map(([variable, from]) => ({ name: variable, value: { $from: from } })),
  };
  return {
    name: 'web',
    type: 'manifests',
    objects: [
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name },
        spec: {
          replicas: { $from: 'parameters.replicas' },
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 0, containers: [container] } },
        },
      },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name },
        spec: { selector: labels, ports: [{ name: 'http', port: 80 }] },
      },
    ],
  };
}

/** A component that says where its objects are. */
function inNamespace(name: string, component: JsonObject): JsonObject {
  const objects = component.objects as readonly JsonObject[];
  return { ...component, objects: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, ...objects] };
}

function settings(name: string, version: number): JsonObject {
  return {
    name,
    type: 'manifests',
    objects: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { version: String(version) } }],
  };
}
