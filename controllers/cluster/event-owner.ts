import type { KubernetesDriver, KubernetesObject, OwnerReference } from '../../drivers/kubernetes/driver.js';
import { type InvolvedObject, titleOf } from './cluster-event.js';

/** Whose event it is: the workload, and which of its objects. */
export interface EventOwner {
  readonly workloadId: string;
  readonly title: string;
}

/** Finds whose an object is that an event is about: it is one of ours, or made by one, by way of those who made it. */
export interface EventOwners {
  /** From now on these are the objects of the workload, by title. None: it has none. */
  own(workloadId: string, titles: readonly string[]): void;
  /** The workload whose object this is itself. */
  direct(title: string): EventOwner | null;
  /** May read from the cluster, once for each object that made others. Null: nobody's, or it is gone. */
  find(about: InvolvedObject, signal: AbortSignal): Promise<EventOwner | null>;
}

export interface EventOwnersOptions {
  readonly driver: KubernetesDriver;
  /** An object as far as it is known already; null: it is to be asked for. */
  peek(about: Place): KubernetesObject | null;
}

export type Place = Pick<InvolvedObject, 'apiVersion' | 'kind' | 'namespace' | 'name'>;

export function createEventOwners({ driver, peek }: EventOwnersOptions): EventOwners {
  const owned = new Map<string, string>();
  const titlesOf = new Map<string, readonly string[]>();
  /** Title of what made an object, by the title of that object; null: nothing that is known. */
  let madeBy = new Map<string, Place | null>();

  const makerOf = async (place: Place, signal: AbortSignal): Promise<Place | null> => {
    const title = titleOf(place.kind, place.namespace, place.name);
    const known = madeBy.get(title);
    if (known !== undefined) return known;
    const object = peek(place) ?? (await read(driver, place, signal));
    // What is gone may come back as somebody else's.
    if (!object) return null;
    const maker = object.metadata.ownerReferences?.find(({ controller }) => controller === true);
    const found = maker ? placeOf(maker, place.namespace) : null;
    if (madeBy.size >= MOST_KNOWN) madeBy = new Map();
    madeBy.set(title, found);
    return found;
  };

  const direct = (title: string): EventOwner | null => {
    const workloadId = owned.get(title);
    return workloadId === undefined ? null : { workloadId, title };
  };

  /** A Deployment calls its ReplicaSets by its own name and a hash: no need to ask for each. */
  const directByName = ({ kind, namespace, name }: Place): EventOwner | null => {
    const end = name.lastIndexOf('-');
    return kind === 'ReplicaSet' && end > 0 ? direct(titleOf('Deployment', namespace, name.slice(0, end))) : null;
  };

  return {
    own(workloadId, titles) {
      for (const title of titlesOf.get(workloadId) ?? []) {
        if (owned.get(title) === workloadId) owned.delete(title);
      }
      for (const title of titles) owned.set(title, workloadId);
      if (titles.length > 0) titlesOf.set(workloadId, titles);
      else titlesOf.delete(workloadId);
    },
    direct,
    async find(about, signal) {
      let place: Place = about;
      for (let step = 0; step <= MOST_STEPS; step++) {
        const owner = direct(titleOf(place.kind, place.namespace, place.name)) ?? directByName(place);
        if (owner) return owner;
        const maker = place.apiVersion === '' ? null : await makerOf(place, signal);
        if (!maker) return null;
        place = maker;
      }
      return null;
    },
  };
}

/** A pod is made by a Job, that by a CronJob, and that perhaps by an operator's object. */
const MOST_STEPS = 4;
/** Some megabytes at most. What is forgotten is asked for again. */
const MOST_KNOWN = 20_000;

function placeOf({ apiVersion, kind, name }: OwnerReference, namespace: string): Place {
  return { apiVersion, kind, namespace, name };
}

async function read(driver: KubernetesDriver, place: Place, signal: AbortSignal): Promise<KubernetesObject | null> {
  const { apiVersion, kind, namespace, name } = place;
  const type = await driver.resolve(apiVersion, kind, signal);
  if (!type) return null;
  return driver.get({ apiVersion, kind, namespace: type.isNamespaced ? namespace : null, name }, signal);
}
