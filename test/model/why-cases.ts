import type { WhyGraph } from '../../model/why/why-graph.js';
import { makeWhy, since } from './make-why.js';

export interface WhyCase {
  readonly title: string;
  readonly graph: WhyGraph;
  /** `path > of > names: Kind/object: reason: message`, in order. */
  readonly causes: readonly string[];
}

const instance = (given: Parameters<typeof makeWhy.ill>[4] = {}) =>
  makeWhy.ill('AppInstance', 'shop', 'ImagePullFailed', 'web: Deployment/web: Image a:1 cannot be pulled.', given);
const owned = { ownerId: 'AppInstance/shop' };
const web = (reason: string, message: string, given = {}) =>
  makeWhy.ill('Workload', 'web', reason, message, { ...owned, ...given });

export const whyCases: readonly WhyCase[] = [
  {
    title: 'an app instance is ill because of the object of its workload, not because of itself',
    graph: makeWhy.graph([instance(), web('ImagePullFailed', 'Deployment/web: Image a:1 cannot be pulled.')], {
      objects: [
        makeWhy.object('Workload/web', 'Deployment', 'web', {
          reason: 'ImagePullFailed',
          message: 'Image a:1 cannot be pulled.',
        }),
      ],
    }),
    causes: ['shop > web: Deployment/web: ImagePullFailed: Image a:1 cannot be pulled.'],
  },
  {
    title: 'a wait is followed to what is waited for',
    graph: makeWhy.graph(
      [
        makeWhy.waiting('AppInstance', 'shop'),
        makeWhy.waiting('Database', 'db'),
        makeWhy.ill('CloudAccount', 'main', 'CredentialRefused', 'The key is not accepted.'),
      ],
      {
        references: [
          ['AppInstance/shop', 'Database/db'],
          ['Database/db', 'CloudAccount/main'],
        ],
      },
    ),
    causes: ['shop > db > main: CredentialRefused: The key is not accepted.'],
  },
  {
    title: 'a wait for what is well by now is over, and does not call that one ill',
    graph: makeWhy.graph(
      [
        makeWhy.ill('Workload', 'web', 'WaitingForDependency', 'Waiting for Workload namespace (Progressing).', {
          health: 'Progressing',
        }),
        makeWhy.resource('Workload', 'namespace'),
      ],
      { references: [['Workload/web', 'Workload/namespace']] },
    ),
    causes: ['web: Progressing: What it waited for is well by now, and its controller goes on: Workload namespace.'],
  },
  {
    title: 'what two resources have in common is told once, by the shortest way',
    graph: makeWhy.graph(
      [
        makeWhy.waiting('AppInstance', 'shop'),
        makeWhy.waiting('Workload', 'api', owned),
        makeWhy.waiting('Workload', 'web', owned),
        makeWhy.ill('KubernetesRuntime', 'prod', 'RuntimeUnreachable', 'Nobody answers at prod.', {
          health: 'Unknown',
        }),
      ],
      {
        references: [
          ['AppInstance/shop', 'KubernetesRuntime/prod'],
          ['Workload/api', 'KubernetesRuntime/prod'],
          ['Workload/web', 'KubernetesRuntime/prod'],
          ['Workload/web', 'Workload/api'],
        ],
      },
    ),
    causes: ['shop > prod: RuntimeUnreachable: Nobody answers at prod.'],
  },
  {
    title: 'causes that have nothing to do with each other all appear: the worst, the deepest, the oldest first',
    graph: makeWhy.graph(
      [
        makeWhy.waiting('AppInstance', 'shop'),
        web('CrashLoop', 'Deployment/web: Container main exits with code 1', { ...owned }),
        makeWhy.ill('Workload', 'jobs', 'Progressing', 'Job/seed: It runs.', { ...owned, health: 'Progressing' }),
        makeWhy.waiting('Database', 'db'),
        makeWhy.ill('CloudAccount', 'main', 'MissingRights', 'The credential may not create databases.'),
      ],
      {
        references: [
          ['AppInstance/shop', 'Database/db'],
          ['Database/db', 'CloudAccount/main'],
        ],
        objects: [
          makeWhy.object('Workload/web', 'Deployment', 'web', {
            reason: 'CrashLoop',
            message: 'Container main exits with code 1',
          }),
          makeWhy.object('Workload/web', 'StatefulSet', 'cache', {
            message: 'It fails.',
            since: '2026-11-01T09:00:00.000Z',
          }),
          makeWhy.object('Workload/jobs', 'Job', 'seed', {
            health: 'Progressing',
            reason: 'Progressing',
            message: 'It runs.',
          }),
        ],
      },
    ),
    causes: [
      'shop > db > main: MissingRights: The credential may not create databases.',
      'shop > web: StatefulSet/cache: ObjectFailed: It fails.',
      'shop > web: Deployment/web: CrashLoop: Container main exits with code 1',
      'shop > jobs: Job/seed: Progressing: It runs.',
    ],
  },
  {
    title: 'an object that tells of another one that is ill as well is not the cause',
    graph: makeWhy.graph([web('NotBound', 'Deployment/web: Pod waits for its volume: claim data: no class.')], {
      objects: [
        makeWhy.object('Workload/web', 'Deployment', 'web', {
          reason: 'NotBound',
          message: 'Pod waits for its volume: claim data: no class.',
        }),
        makeWhy.object('Workload/web', 'PersistentVolumeClaim', 'data', {
          health: 'Progressing',
          reason: 'NotBound',
          message: 'It waits for a volume: no class.',
        }),
        makeWhy.object('Workload/web', 'PodDisruptionBudget', 'web', {
          health: 'Progressing',
          reason: 'Progressing',
          message: '0 of 1 pods are healthy.',
        }),
      ],
    }),
    causes: ['web: PersistentVolumeClaim/data: NotBound: It waits for a volume: no class.'],
  },
  {
    title: 'an object that is not in the inventory is found in the sentence about it',
    graph: makeWhy.graph([web('OwnedElsewhere', 'ClusterRole/reader: It cannot be applied: it belongs to another.')]),
    causes: ['web: ClusterRole/reader: OwnedElsewhere: It cannot be applied: it belongs to another.'],
  },
  {
    title: 'an object that says little is completed by the condition that says why',
    graph: makeWhy.graph(
      [
        makeWhy.resource('Workload', 'web', {
          health: 'Progressing',
          conditions: [
            {
              type: 'Ready',
              status: 'False',
              reason: 'Pending',
              message: 'ConfigMap/settings: it is being created',
              since,
            },
            {
              type: 'Synced',
              status: 'False',
              reason: 'ApplyFailed',
              message: 'ConfigMap/settings: It was modified.',
              since,
            },
          ],
          attempt: { count: 2, lastError: 'ConfigMap/settings: It was modified.', nextRetryAt: since },
        }),
      ],
      {
        objects: [
          makeWhy.object('Workload/web', 'ConfigMap', 'settings', {
            health: 'Progressing',
            reason: 'Pending',
            message: '',
          }),
        ],
      },
    ),
    causes: [`web: ConfigMap/settings: ApplyFailed: It was modified. @${since}`],
  },
  {
    title: 'an object that says little is completed by the newest warning about it',
    graph: makeWhy.graph(
      [web('Progressing', 'Deployment/web: 0 of 1 pods are available.', { health: 'Progressing' })],
      {
        objects: [
          makeWhy.object('Workload/web', 'Deployment', 'web', {
            health: 'Progressing',
            reason: 'Progressing',
            message: '0 of 1 pods are available.',
          }),
        ],
        events: [
          {
            resourceId: 'Workload/web',
            object: 'Deployment/shop/web',
            reason: 'Unhealthy',
            message: 'Readiness probe failed: 500',
            lastAt: since,
          },
          {
            resourceId: 'Workload/web',
            object: 'Deployment/shop/web',
            reason: 'Old',
            message: 'Long ago',
            lastAt: '2026-10-01T00:00:00Z',
          },
        ],
      },
    ),
    causes: ['web: Deployment/web: Unhealthy: 0 of 1 pods are available. Readiness probe failed: 500'],
  },
  {
    title: 'a pass that fails is the cause where nothing else says why, with its next try',
    graph: makeWhy.graph([
      makeWhy.ill('Bucket', 'files', 'Progressing', 'It is being made.', {
        health: 'Progressing',
        attempt: { count: 3, lastError: 'The cloud answered 500.', nextRetryAt: '2026-11-01T10:05:00.000Z' },
      }),
    ]),
    causes: ['files: ReconcileFailed: The cloud answered 500. @2026-11-01T10:05:00.000Z'],
  },
  {
    title: 'a pass that fails because of what is waited for is no cause of its own',
    graph: makeWhy.graph(
      [
        makeWhy.waiting('Workload', 'web', {
          attempt: { count: 3, lastError: 'Nobody answers.', nextRetryAt: since },
        }),
        makeWhy.ill('KubernetesRuntime', 'prod', 'RuntimeUnreachable', 'Cannot reach it.'),
      ],
      { references: [['Workload/web', 'KubernetesRuntime/prod']] },
    ),
    causes: ['web > prod: RuntimeUnreachable: Cannot reach it.'],
  },
  {
    title: 'a spec that its controller does not take is told as invalid, and is not tried again',
    graph: makeWhy.graph([
      makeWhy.ill('Bucket', 'files', 'Invalid', 'The name is too long', {
        attempt: { count: 1, lastError: 'The name is too long.', nextRetryAt: null },
      }),
    ]),
    causes: ['files: Invalid: The name is too long'],
  },
  {
    title: 'controllers that are missing are told once for all resources of a kind',
    graph: makeWhy.graph([
      makeWhy.waiting('AppInstance', 'shop'),
      ...['api', 'web'].map((name) =>
        makeWhy.resource('Workload', name, {
          ...owned,
          health: 'Progressing',
          observedGeneration: 0,
          conditions: [],
          controller: { type: 'absent', isRegistered: true, since },
        }),
      ),
    ]),
    causes: ['shop > web: NoController: No controller of the kind Workload acts on it: the one that did has gone.'],
  },
  {
    title: 'a generation that was not looked at yet is told with the one that was',
    graph: makeWhy.graph([
      makeWhy.resource('Workload', 'web', { health: 'Progressing', generation: 4, observedGeneration: 3 }),
    ]),
    causes: ['web: NotObserved: Its controller has not looked at generation 4 yet; what is said is of generation 3.'],
  },
  {
    title: 'outputs that were not taken yet are told with who gives them',
    graph: makeWhy.graph(
      [
        makeWhy.resource('Workload', 'web', { health: 'Progressing', consumed: { 'Database/db': 1 } }),
        makeWhy.resource('Database', 'db', { newestOutput: 2 }),
      ],
      { references: [['Workload/web', 'Database/db']] },
    ),
    causes: ['web: OutputsStale: It has not taken the newest outputs of Database db yet. [Database/db]'],
  },
  {
    title: 'an output that is not given any more leads to who gave it, though that one is well',
    graph: makeWhy.graph(
      [
        makeWhy.ill('Workload', 'web', 'OutputVanished', 'Database db does not give host any more.'),
        makeWhy.resource('Database', 'db', { vanished: ['host'] }),
      ],
      { references: [['Workload/web', 'Database/db']] },
    ),
    causes: ['web > db: OutputVanished: It does not give the output host any more; who uses it keeps the last value.'],
  },
  {
    title: 'an output that is missing is no cause while who should give it is not well',
    graph: makeWhy.graph(
      [
        makeWhy.ill('Workload', 'web', 'OutputMissing', 'Database db gives no output host.'),
        makeWhy.ill('Database', 'db', 'QuotaExceeded', 'The limit of databases is 0.'),
      ],
      { references: [['Workload/web', 'Database/db']] },
    ),
    causes: ['web > db: QuotaExceeded: The limit of databases is 0.'],
  },
  {
    title: 'an output that is missing is the cause where who should give it is well',
    graph: makeWhy.graph(
      [
        makeWhy.ill('Workload', 'web', 'OutputMissing', 'Database db gives no output host.'),
        makeWhy.resource('Database', 'db'),
      ],
      { references: [['Workload/web', 'Database/db']] },
    ),
    causes: ['web: OutputMissing: Database db gives no output host. [Database/db]'],
  },
  {
    title: 'a call to the outside that was begun is told with what is under way',
    graph: makeWhy.graph([makeWhy.ill('Database', 'db', 'Progressing', 'It is creating.', { health: 'Progressing' })], {
      operations: [{ resourceId: 'Database/db', action: 'create', begunAt: since }],
    }),
    causes: [`db: Progressing: It is creating. The call "create" was begun at ${since}, and its end was not seen yet.`],
  },
  {
    title: 'a deletion waits for those that depend on it, and for what keeps these',
    graph: makeWhy.graph(
      [
        makeWhy.ill('KubernetesRuntime', 'prod', 'Terminating', 'Waiting until these are gone: Workload web.', {
          health: 'Progressing',
          deletionRequestedAt: since,
        }),
        makeWhy.ill('Workload', 'web', 'Terminating', 'The finalizer example.com/keep keeps it.', {
          health: 'Progressing',
          deletionRequestedAt: since,
        }),
      ],
      { references: [['Workload/web', 'KubernetesRuntime/prod']] },
    ),
    causes: ['prod > web: Terminating: The finalizer example.com/keep keeps it.'],
  },
  {
    title: 'an environment goes after what is deployed to it',
    graph: makeWhy.graph([
      makeWhy.resource('Environment', 'dev', {
        health: 'Progressing',
        deletionRequestedAt: since,
        environmentId: null,
        controller: { type: 'none' },
      }),
      makeWhy.ill('AppInstance', 'shop', 'Terminating', '1 of its components is still being removed.', {
        health: 'Progressing',
        deletionRequestedAt: since,
      }),
    ]),
    causes: ['dev > shop: Terminating: 1 of its components is still being removed.'],
  },
  {
    title: 'resources that wait for each other are told as the ring that they are',
    graph: makeWhy.graph([makeWhy.waiting('App', 'a'), makeWhy.waiting('App', 'b'), makeWhy.waiting('App', 'c')], {
      references: [
        ['App/a', 'App/b'],
        ['App/b', 'App/c'],
        ['App/c', 'App/b'],
      ],
    }),
    causes: ['a > b: Cycle: They wait for each other: App b -> App c -> App b. [App/c]'],
  },
  {
    title: 'one that is under way and says nothing is told as that',
    graph: makeWhy.graph([makeWhy.resource('Workload', 'web', { health: 'Progressing', conditions: [] })]),
    causes: ['web: Progressing: It is under way; nothing is said to be wrong.'],
  },
  {
    title: 'one that is settled has no causes',
    graph: makeWhy.graph([makeWhy.resource('AppInstance', 'shop')]),
    causes: [],
  },
  {
    title: 'one that is settled, and differs outside from what is desired, tells of that',
    graph: makeWhy.graph([
      makeWhy.resource('Workload', 'web', {
        conditions: [
          { type: 'Ready', status: 'True', reason: 'Available', message: '', since },
          {
            type: 'Synced',
            status: 'False',
            reason: 'Drifted',
            message: 'Deployment/web was changed by kubectl.',
            since,
          },
        ],
      }),
    ]),
    causes: ['web: Drifted: Deployment/web was changed by kubectl.'],
  },
];
