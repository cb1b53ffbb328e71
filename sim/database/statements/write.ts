import type { Value } from '../../../db/statement.js';
import type { JsonObject } from '../../../lib/canonical.js';
import type { Forms } from '../form.js';
import type { ResourceRow, ResourceStatusRow } from '../rows.js';
import type { Run } from '../run.js';
import { keyOf } from '../schema.js';
import { bytesOfHex, integer, iso, json, optionalText, text, texts } from '../values.js';

/** What the store says of a resource that it writes: columns that the database fills or names otherwise are not in it. */
interface GivenResource
  extends Omit<
    ResourceRow,
    'deletionRequestedAt' | 'createdAt' | 'updatedAt' | 'deletionForced' | 'onDemand' | 'onDemandKeep'
  > {
  readonly isDeleting: boolean;
  readonly isForced: boolean;
  readonly isOnDemand: boolean;
  readonly isKept: boolean;
}

export const writeForms: Forms = {
  'write.changeset': async (run, [id, actor, manager, edits]) => {
    const given = { id: text(id), actor: text(actor), manager: text(manager), edits: integer(edits) };
    await run.insert(run.tables.changeset, { ...given, createdAt: run.nowMs });
    return [];
  },

  'write.delete-references': async (run, [ids]) => {
    for (const found of run.find(run.tables.reference.byFrom, texts(ids))) await run.remove(found);
    return [];
  },

  'write.insert-resources': async (run, [rows]) => {
    const given = json<GivenResource[]>(rows).toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
    for (const row of given) await run.insert(run.tables.resource, newResource(run, row));
    return [];
  },

  'write.insert-resource': async (run, values) => {
    const [id, kind, projectId, environmentId, ownerId, scopeId, name, generation, version, specVersion] = values;
    const [labels, spec, managers, yielded, setIn, leaseKey, isOnDemand, isKept] = values.slice(10);
    const place = {
      ...{ id: text(id), kind: text(kind), projectId: optionalText(projectId), scopeId: text(scopeId) },
      ...{ environmentId: optionalText(environmentId), ownerId: optionalText(ownerId) },
    };
    const rest = {
      ...{ generation, labels, isOnDemand, isKept, isDeleting: false, isForced: false },
      ...{ version, specVersion, spec, managers, yielded, setIn, leaseKey, name },
    };
    await run.insert(run.tables.resource, newResource(run, { ...place, ...statedOf(rest) }));
    return [];
  },

  'write.update-resource': async (run, values) => {
    const [id, name, generation, version, specVersion, labels, spec, managers, yielded, setIn, leaseKey] = values;
    const [isForced, isOnDemand, isKept, isDeleting] = values.slice(11);
    const given = statedOf({
      ...{ name, generation, version, specVersion, labels, spec, managers, yielded },
      ...{ setIn, leaseKey, isForced, isOnDemand, isKept, isDeleting },
    });
    for (const found of run.find(run.tables.resource.primary, [text(id)])) {
      await run.update(found, (before) => changed(run, before, given));
    }
    return [];
  },

  'write.update-resources': async (run, [rows]) => {
    for (const given of json<GivenResource[]>(rows)) {
      for (const found of run.find(run.tables.resource.primary, [given.id])) {
        await run.update(found, (before) => changed(run, before, given));
      }
    }
    return [];
  },

  'write.update-yielded': async (run, [rows]) => {
    for (const { id, yielded } of json<Pick<GivenResource, 'id' | 'yielded'>[]>(rows)) {
      for (const found of run.find(run.tables.resource.primary, [id])) {
        await run.update(found, (before) => ({ ...before, yielded }));
      }
    }
    return [];
  },

  'write.define-statuses': async (run, [ids]) => {
    for (const { id, generation } of run.rows(run.tables.resource.primary, texts(ids))) {
      await run.upsert(
        run.tables.resourceStatus,
        'resource_status_pkey',
        definedStatus(run, id, generation),
        (before) => {
          return { ...before, observedGeneration: generation, updatedAt: run.nowMs };
        },
      );
    }
    return [];
  },

  'write.insert-references': async (run, [rows]) => {
    for (const { fromId, path, toId } of json<{ fromId: string; path: string; toId: string }[]>(rows)) {
      await run.insert(run.tables.reference, { fromId, path, toId });
    }
    return [];
  },

  'write.delete-resources': async (run, [ids]) => {
    for (const found of run.find(run.tables.resource.primary, texts(ids))) await run.remove(found);
    return [];
  },

  'write.insert-secrets': async (run, [rows, keyId]) => {
    for (const { id, version, resourceId, place, nonce, ciphertext, hmac } of json<GivenSecret[]>(rows)) {
      await run.insert(run.tables.secretValue, {
        ...{ id, version, resourceId, path: place, keyId: text(keyId) },
        ...{ nonce: bytesOfHex(nonce), ciphertext: bytesOfHex(ciphertext), hmac: bytesOfHex(hmac) },
        createdAt: run.nowMs,
      });
    }
    return [];
  },

  'write.insert-forced-events': async (run, [rows]) => {
    for (const { id, projectId, environmentId, message } of json<GivenForced[]>(rows)) {
      await run.insertNew(run.tables.event, {
        ...{ id: run.engine.nextValue('event_id_seq'), resourceId: id, projectId, environmentId, object: '' },
        ...{ type: 'Warning', reason: 'DeletionForced', message, source: 'portolan', count: 1 },
        ...{ firstAt: run.nowMs, lastAt: run.nowMs, outsideId: null, outsideCount: null, ownerObject: null },
      });
    }
    return [];
  },

  'write.insert-releases': async (run, [rows, actor]) => {
    for (const { id, appId, number, spec, digest } of json<GivenRelease[]>(rows)) {
      const given = { id, appId, number, spec, digest, actor: text(actor) };
      await run.insert(run.tables.release, { ...given, createdAt: run.nowMs });
    }
    return [];
  },

  'write.insert-deployments': async (run, [rows, actor]) => {
    for (const row of json<GivenDeployment[]>(rows)) {
      const { id, instanceId, number, appId, release, releaseDigest, resolved } = row;
      const given = { id, instanceId, number, appId, release, releaseDigest, resolved, actor: text(actor) };
      await run.insert(run.tables.appDeployment, { ...given, createdAt: run.nowMs });
    }
    return [];
  },
};

interface GivenSecret {
  readonly id: string;
  readonly version: number;
  readonly resourceId: string;
  readonly place: string;
  readonly nonce: string;
  readonly ciphertext: string;
  readonly hmac: string;
}

interface GivenForced {
  readonly id: string;
  readonly projectId: string | null;
  readonly environmentId: string | null;
  readonly message: string;
}

interface GivenRelease {
  readonly id: string;
  readonly appId: string;
  readonly number: number;
  readonly spec: JsonObject;
  readonly digest: string;
}

interface GivenDeployment {
  readonly id: string;
  readonly instanceId: string;
  readonly number: number;
  readonly appId: string;
  readonly release: number;
  readonly releaseDigest: string;
  readonly resolved: JsonObject;
}

type Stated = Omit<GivenResource, 'id' | 'kind' | 'projectId' | 'environmentId' | 'ownerId' | 'scopeId'>;

/** Values beside each other, read as what they are. */
function statedOf(values: Readonly<Record<keyof Stated, Value | undefined>>): Stated {
  return {
    name: text(values.name),
    generation: integer(values.generation),
    version: integer(values.version),
    specVersion: integer(values.specVersion),
    labels: json(values.labels),
    spec: json(values.spec),
    managers: json(values.managers),
    yielded: json(values.yielded),
    setIn: json(values.setIn),
    leaseKey: optionalText(values.leaseKey),
    isDeleting: values.isDeleting === true,
    isForced: values.isForced === true,
    isOnDemand: values.isOnDemand === true,
    isKept: values.isKept === true,
  };
}

const placeOf = ({ kind, scopeId, name }: GivenResource) => keyOf(kind, scopeId, name);

function newResource(run: Run, given: GivenResource): ResourceRow {
  return {
    id: given.id,
    kind: given.kind,
    projectId: given.projectId,
    environmentId: given.environmentId,
    ownerId: given.ownerId,
    scopeId: given.scopeId,
    name: given.name,
    generation: given.generation,
    version: given.version,
    specVersion: given.specVersion,
    labels: given.labels,
    spec: given.spec,
    managers: given.managers,
    yielded: given.yielded,
    setIn: given.setIn,
    leaseKey: given.leaseKey,
    deletionRequestedAt: null,
    createdAt: run.nowMs,
    updatedAt: run.nowMs,
    deletionForced: false,
    onDemand: given.isOnDemand,
    onDemandKeep: given.isKept,
  };
}

function changed(run: Run, before: ResourceRow, given: Stated): ResourceRow {
  return {
    ...before,
    name: given.name,
    generation: given.generation,
    version: given.version,
    specVersion: given.specVersion,
    labels: given.labels,
    spec: given.spec,
    managers: given.managers,
    yielded: given.yielded,
    setIn: given.setIn,
    leaseKey: given.leaseKey,
    updatedAt: run.nowMs,
    deletionForced: given.isForced,
    onDemand: given.isOnDemand,
    onDemandKeep: given.isKept,
    deletionRequestedAt: given.isDeleting ? (before.deletionRequestedAt ?? run.nowMs) : null,
  };
}

/** Of what nothing reconciles: what is stored is all there is. */
export function definedStatus(run: Run, resourceId: string, observedGeneration: number): ResourceStatusRow {
  const ready = { type: 'Ready', status: 'True', reason: 'Defined', message: '', since: iso(run.nowMs) } as const;
  return {
    ...{
      resourceId,
      observedGeneration,
      version: 1,
      health: 'Healthy',
      conditions: [ready],
      outputs: {},
      consumed: {},
    },
    ...{ isStale: false, observed: {}, updatedAt: run.nowMs },
  };
}
