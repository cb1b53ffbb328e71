import { isSameJson } from '../../../lib/canonical.js';
import type { Clock } from '../../../lib/clock.js';
import type { Random } from '../../../lib/random.js';
import type { CloudType, CloudWish } from '../../cloud/driver.js';
import type { CloudDelays } from './cloud-delays.js';
import type { CloudEntry, CloudPlace } from './cloud-entry.js';
import type { CloudStore } from './cloud-store.js';
import { completeProperties } from './property-rules.js';
import { refusal } from './refusal.js';
import { typeRules } from './type-rules.js';

/**
 * The writes of the simulated cloud: what each refuses, and what it sets going. Each throws a refusal or is accepted;
 * what was set going is done by the lifecycle, at its time.
 */
export interface CloudWrites {
  create(place: CloudPlace, wish: CloudWish, limit: CloudLimit): void;
  update(place: CloudPlace, wish: Omit<CloudWish, 'token'>): void;
  delete(place: CloudPlace, id: string | null): 'accepted' | 'absent';
  empty(place: CloudPlace): void;
}

export interface CloudLimit {
  readonly name: string;
  readonly limit: number;
}

export interface CloudWritesOptions {
  readonly store: CloudStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly delays: CloudDelays;
  /** Something was set going. */
  onDue(entry: CloudEntry): void;
}

export function createCloudWrites(options: CloudWritesOptions): CloudWrites {
  const { store, clock, random, delays } = options;
  const put = (entry: CloudEntry) => {
    store.put(entry);
    options.onDue(entry);
  };
  /** When something that usually takes `usualMs` will be done. */
  const dueIn = (usualMs: number) => clock.now() + Math.round(usualMs * (1 + delays.spread * (2 * random.next() - 1)));
  const found = (place: CloudPlace): CloudEntry => {
    const entry = store.get(place);
    if (entry) return entry;
    throw refusal.notFound(`there is no ${place.type} "${place.name}"`);
  };

  return {
    create(place, wish, { name, limit }) {
      const { type } = place;
      const rules = typeRules[type];
      if (!namePattern.test(place.name)) throw refusal.invalid(`"${place.name}" cannot be a name`);
      const properties = completeProperties(rules.properties, wish.properties, null);
      rules.check?.(properties);
      const before = store.get(place);
      if (before && isSameRequest(before, wish, properties)) return;
      if (before?.state === 'deleting') throw refusal.busy('the one of that name is still being deleted');
      if (before) throw refusal.alreadyExists(`there is a ${type} "${place.name}" already`);
      checkWithin(store, place, properties);
      checkClaim(store, place, properties);
      const used = store.all().filter((entry) => isNear(entry, place) && entry.type === type).length;
      if (used >= limit) throw refusal.quota(name, limit, used);
      const suffix = random.uuid().replaceAll('-', '').slice(0, 12);
      put({
        ...place,
        id: `${rules.idPrefix}-${suffix}`,
        suffix,
        state: 'creating',
        message: '',
        properties,
        pending: null,
        tags: wish.tags,
        token: wish.token,
        dueMs: dueIn(delays.createMs[type]),
        contents: {},
      });
    },
    update(place, wish) {
      const entry = found(place);
      checkIdle(entry);
      if (entry.state === 'failed') throw refusal.conflict('it could not be made, and can only be deleted');
      const rules = typeRules[place.type];
      const pending = completeProperties(rules.properties, wish.properties, entry.properties);
      rules.check?.(pending);
      const retagged = { ...entry, tags: wish.tags };
      if (!isSameJson(pending, entry.properties)) {
        put({ ...retagged, state: 'updating', pending, dueMs: dueIn(delays.updateMs) });
        return;
      }
      if (!isSameJson(wish.tags, entry.tags)) store.put(retagged);
    },
    delete(place, id) {
      const entry = store.get(place);
      if (!entry || (id !== null && id !== entry.id)) return 'absent';
      if (entry.state === 'deleting') return 'accepted';
      checkIdle(entry);
      if (entry.properties.isProtected === true) throw refusal.protected('it is protected against deletion');
      const objects = Object.keys(entry.contents).length;
      if (objects > 0) throw refusal.protected(`it is not empty: it holds ${objects} objects`);
      const users = usersOf(store, entry);
      if (users.length > 0) throw refusal.inUse(users.slice(0, SHOWN_USERS));
      put({ ...entry, state: 'deleting', dueMs: dueIn(delays.createMs[entry.type] * delays.deletePart) });
      return 'accepted';
    },
    empty(place) {
      const entry = found(place);
      if (place.type !== 'bucket') throw refusal.invalid('only a bucket can be emptied');
      if (Object.keys(entry.contents).length > 0) store.put({ ...entry, contents: {} });
    },
  };
}

/** Keeps a message readable. */
const SHOWN_USERS = 10;

const namePattern = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

function isSameRequest(entry: CloudEntry, wish: CloudWish, properties: CloudEntry['properties']): boolean {
  return entry.token === wish.token && entry.state !== 'deleting' && isSameJson(entry.properties, properties);
}

function checkIdle({ state }: CloudEntry): void {
  if (state === 'creating' || state === 'updating' || state === 'deleting') throw refusal.busy(`it is ${state}`);
}

/** What it is to be made in must be there and work. */
function checkWithin(store: CloudStore, place: CloudPlace, properties: CloudEntry['properties']): void {
  for (const [property, type] of Object.entries(typeRules[place.type].within)) {
    const name = properties[property];
    if (typeof name !== 'string') continue;
    const found = store.get({ ...place, type, name });
    if (!found) throw refusal.notFound(`there is no ${type} "${name}"`);
    if (found.state !== 'available' && found.state !== 'updating') {
      throw refusal.conflict(`the ${type} "${name}" is ${found.state}`);
    }
  }
}

function checkClaim(store: CloudStore, place: CloudPlace, properties: CloudEntry['properties']): void {
  const claimOf = typeRules[place.type].claim;
  const claim = claimOf?.(properties);
  const other = store
    .all()
    .find((entry) => entry.type === place.type && isNear(entry, place) && claimOf?.(entry.properties) === claim);
  if (claim !== undefined && other) throw refusal.conflict(`${claim} is taken by "${other.name}"`);
}

function usersOf(store: CloudStore, entry: CloudEntry): readonly string[] {
  const isIn = (other: CloudEntry) =>
    Object.entries(typeRules[other.type].within).some(
      ([property, type]: [string, CloudType]) => type === entry.type && other.properties[property] === entry.name,
    );
  return store
    .all()
    .filter((other) => isNear(other, entry) && isIn(other))
    .map(({ type, name }) => `${type} ${name}`);
}

function isNear(entry: CloudEntry, place: CloudPlace): boolean {
  return entry.account === place.account && entry.region === place.region;
}
