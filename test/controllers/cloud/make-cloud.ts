import type { CloudLook } from '../../../controllers/cloud/cloud-kind.js';
import type { CloudResource } from '../../../drivers/cloud/driver.js';
import type { Json } from '../../../lib/canonical.js';
import type { IntentView, ReferenceView, ResourceView, StatusView } from '../../../sdk/resource.js';

export const resourceId = '44444444-4444-4444-8444-444444444444';
export const accountId = '55555555-5555-4555-8555-555555555555';

const status: StatusView = {
  observedGeneration: 0,
  version: 0,
  health: 'Progressing',
  isSettled: false,
  conditions: [],
  outputs: {},
  observed: {},
};

/** One builder a noun: what a test does not name is as it mostly is. */
export const makeCloud = {
  resource<Spec>(kind: string, spec: Spec, view: Partial<ResourceView<Spec>> = {}): ResourceView<Spec> {
    return {
      id: resourceId,
      kind,
      name: 'shop',
      projectId: null,
      environmentId: null,
      ownerId: null,
      labels: {},
      generation: 1,
      version: 1,
      spec,
      leaseKey: `CloudAccount/${accountId}`,
      deletionRequestedAt: null,
      isDeletionForced: false,
      status,
      references: [makeCloud.reference('account', 'CloudAccount', { id: accountId, name: 'cloud' })],
      openIntents: [],
      dependents: 0,
      ...view,
    };
  },

  /** `outputs` are values. */
  reference(
    path: string,
    kind: string,
    view: Partial<Omit<ReferenceView, 'outputs'>> & { readonly outputs?: Readonly<Record<string, Json>> } = {},
  ): ReferenceView {
    const { outputs = {}, ...rest } = view;
    return {
      path,
      kind,
      id: `id-of-${path}`,
      name: path,
      isSettled: true,
      health: 'Healthy',
      ...rest,
      outputs: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, { value, version: 1 }])),
    };
  },

  seen(view: Partial<CloudResource> = {}): CloudResource {
    return {
      type: 'network',
      name: `network-${resourceId}`,
      id: 'vpc-1',
      state: 'available',
      message: '',
      properties: {},
      attributes: {},
      sensitive: [],
      tags: {},
      ...view,
    };
  },

  look<Spec>(resource: ResourceView<Spec>, rest: Partial<Omit<CloudLook<Spec>, 'resource'>> = {}): CloudLook<Spec> {
    return { resource, seen: null, specs: {}, kept: {}, ...rest };
  },

  intent(token: string, begunAt = '2026-01-01T00:00:00.000Z'): IntentView {
    return { id: `intent-${token}`, action: 'create', token, begunAt, ageMs: 0, resolvedAt: null, outcome: null };
  },

  secret: (id: string, version = 1) => ({ $secret: { id, version } }),
};
