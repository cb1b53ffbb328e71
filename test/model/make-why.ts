import type { WhyGraph, WhyObject, WhyResource } from '../../model/why/why-graph.js';

/** One builder per noun of `why`; what is not given is well. Ids are `Kind/name`. */
export const makeWhy = {
  resource(kind: string, name: string, given: Partial<WhyResource> = {}): WhyResource {
    return {
      id: `${kind}/${name}`,
      kind,
      name,
      project: 'default',
      environment: 'dev',
      projectId: 'Project/default',
      environmentId: 'Environment/dev',
      ownerId: null,
      generation: 1,
      observedGeneration: 1,
      health: 'Healthy',
      deletionRequestedAt: null,
      changedAt: since,
      conditions: [{ type: 'Ready', status: 'True', reason: 'Available', message: '', since }],
      consumed: {},
      newestOutput: 0,
      vanished: [],
      attempt: null,
      controller: { type: 'acting' },
      ...given,
    };
  },

  /** Not ready, for that reason. */
  ill(kind: string, name: string, reason: string, message: string, given: Partial<WhyResource> = {}): WhyResource {
    const conditions = [{ type: 'Ready', status: 'False', reason, message, since }];
    return makeWhy.resource(kind, name, { health: 'Degraded', conditions, ...given });
  },

  /** Waits for others. */
  waiting(kind: string, name: string, given: Partial<WhyResource> = {}): WhyResource {
    return makeWhy.ill(kind, name, 'WaitingForDependency', 'Waiting for something.', {
      health: 'Progressing',
      ...given,
    });
  },

  object(resourceId: string, kind: string, name: string, given: Partial<WhyObject> = {}): WhyObject {
    return {
      resourceId,
      kind,
      namespace: 'shop',
      name,
      health: 'Degraded',
      reason: 'ObjectFailed',
      message: `${kind} ${name} does not work.`,
      since,
      ...given,
    };
  },

  /** The first resource is the one that is asked about; `references` are pairs of ids. */
  graph(
    resources: readonly WhyResource[],
    {
      references = [],
      ...given
    }: Partial<Omit<WhyGraph, 'references'>> & { references?: readonly [string, string][] } = {},
  ): WhyGraph {
    return {
      rootId: resources[0]?.id ?? '',
      resources,
      references: references.map(([fromId, toId], index) => ({ fromId, path: `path.${index}`, toId })),
      objects: [],
      events: [],
      operations: [],
      validForMs: null,
      isCut: false,
      ...given,
    };
  },
};

export const since = '2026-11-01T10:00:00.000Z';
