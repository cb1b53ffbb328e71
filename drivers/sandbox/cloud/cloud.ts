import { type Clock, sleep } from '../../../lib/clock.js';
import type { Random } from '../../../lib/random.js';
import type { CloudAction, CloudKey, CloudType, CloudVerb } from '../../cloud/driver.js';
import { UnreachableError } from '../../cloud/errors.js';
import type { Faults } from '../faults.js';
import type { CloudRecord } from '../journal.js';
import { createWakeQueue } from '../wake-queue.js';
import {
  type CloudAnswers,
  type CloudCall,
  type CloudPage,
  type CloudReply,
  type CloudRequest,
  isRead,
} from './cloud-call.js';
import type { CloudDelays } from './cloud-delays.js';
import { type CloudEntry, type CloudPlace, placeKey } from './cloud-entry.js';
import { endTransition } from './cloud-lifecycle.js';
import { type CloudChange, type CloudStore, createCloudStore, sortKey } from './cloud-store.js';
import { cloudSubject } from './cloud-subject.js';
import { cloudView } from './cloud-view.js';
import { type CloudLimit, createCloudWrites } from './cloud-writes.js';
import { accountOf, authenticate } from './credentials.js';
import { CloudRefusalError, refusal } from './refusal.js';
import { typeRules } from './type-rules.js';

/**
 * The simulated cloud: accounts by name, each there when it is first asked for. It moves by the clock it is given, and
 * goes wrong as it is told. The same seed and the same requests give the same cloud.
 */
export interface SandboxCloud {
  readonly store: CloudStore;
  /** One request. Throws UnreachableError where a network would give no answer. */
  request(request: CloudRequest, signal: AbortSignal): Promise<CloudReply>;
  /** Puts back what an earlier process had. `goOn` follows. */
  restore(record: CloudRecord): void;
  /** What was under way when the earlier process ended goes on. */
  goOn(): void;
  /** Everything that is there, for a snapshot. */
  dump(): Iterable<CloudRecord>;
  close(): void;
}

export interface SandboxCloudOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly delays: CloudDelays;
  readonly faults: Faults;
  /** Called with every change before its request is answered. */
  onChange(change: CloudChange): void;
}

export function createSandboxCloud(options: SandboxCloudOptions): SandboxCloud {
  const { clock, random, delays, faults } = options;
  const due = new Map<string, CloudPlace>();
  const store = createCloudStore({ clock, random, consistencyMs: delays.consistencyMs, onChange: options.onChange });
  const wakes = createWakeQueue(clock, (key) => {
    const place = due.get(key);
    due.delete(key);
    const entry = place && store.get(place);
    if (!entry || entry.dueMs === null) return;
    if (entry.dueMs <= clock.now()) endTransition(store, faults, entry);
    else onDue(entry);
  });
  const onDue = (entry: CloudEntry) => {
    if (entry.dueMs === null) return;
    const key = placeKey(entry);
    due.set(key, entry);
    wakes.wake(key, entry.dueMs - clock.now());
  };
  const writes = createCloudWrites({ store, clock, random, delays, onDue });

  /** Throws what faults refuse, whatever is asked for. Returns who asks. */
  const admit = (request: CloudRequest, place: Account) => {
    const { verb } = request.call;
    const subject = cloudSubject(place, verb === 'missingActions' ? null : verb, keyOf(request.call));
    const throttled = faults.take('throttle', subject);
    if (throttled) throw refusal.throttled(throttled.retryAfterMs ?? 1000);
    const refused = faults.take('unauthorized', subject);
    if (refused) throw refusal.credential(refused.message ?? 'the credentials are not valid');
    const identity = authenticate(request.credentials, place.account);
    if (faults.take('serverError', subject)) throw refusal.server('an internal error occurred; try again');
    if (!isRead(request.call) && faults.take('conflict', subject)) throw refusal.busy('a change of it is under way');
    const isDenied = verb !== 'identify' && verb !== 'missingActions' && faults.take('forbidden', subject) !== null;
    if (isDenied) throw refusal.denied(identity.principal, `${subject.kind as CloudType}:${verb}`);
    return identity;
  };
  const view = (entry: CloudEntry) => {
    const [parent] = Object.entries(typeRules[entry.type].within).map(([property, type]) =>
      store.get({ ...entry, type, name: String(entry.properties[property] ?? '') }),
    );
    return cloudView(entry, parent?.properties ?? {}, faults);
  };
  const limitOf = (place: CloudPlace): CloudLimit => {
    const fault = faults.find('quota', cloudSubject(place, 'create', place));
    return { name: fault?.name ?? `${place.type}s per region`, limit: fault?.limit ?? typeRules[place.type].limit };
  };
  const isGranted = (place: Account, action: CloudAction) => {
    const [type, verb] = action.split(':') as [CloudType, CloudVerb];
    return faults.find('forbidden', cloudSubject(place, verb, { type })) === null;
  };
  /** Found by name, without a look at all others. */
  const shownOf = (place: Omit<CloudPlace, 'name'>, names: readonly string[]) =>
    [...new Set(names)]
      .sort()
      .map((name) => store.shown({ ...place, name }))
      .filter((entry) => entry !== null);
  const page = (place: Account, call: CloudCall & { readonly verb: 'list' }): CloudPage => {
    const { type, names, tags } = call.query;
    const wanted = (type && names ? shownOf({ ...place, type }, names) : store.allShown())
      .filter(({ name }) => type !== undefined || names === undefined || names.includes(name))
      .filter(({ account, region }) => account === place.account && region === place.region)
      .filter((entry) => type === undefined || entry.type === type)
      .filter((entry) => Object.entries(tags).every(([name, value]) => entry.tags[name] === value))
      .filter((entry) => call.after === null || sortKey(entry) > call.after);
    const shown = wanted.slice(0, PAGE_SIZE);
    const last = shown.at(-1);
    return { resources: shown.map(view), after: wanted.length > PAGE_SIZE && last ? sortKey(last) : null };
  };
  const answer = (request: CloudRequest, account: Account): CloudAnswers[CloudCall['verb']] => {
    const { call } = request;
    const identity = admit(request, account);
    const at = (key: CloudKey): CloudPlace => ({ ...account, type: key.type, name: key.name });
    switch (call.verb) {
      case 'identify':
        return identity;
      case 'missingActions':
        return call.actions.filter((action) => !isGranted(account, action));
      case 'describe': {
        const entry = store.shown(at(call.key));
        return entry && view(entry);
      }
      case 'list':
        return page(account, call);
      case 'create':
        writes.create(at(call.key), call.wish, limitOf(at(call.key)));
        return null;
      case 'update':
        writes.update(at(call.key), call.wish);
        return null;
      case 'delete':
        return writes.delete(at(call.key), call.id);
      case 'empty':
        writes.empty(at(call.key));
        return null;
    }
  };

  return {
    store,
    async request(request, signal) {
      const { call, region } = request;
      const place = { account: accountOf(request.credentials, request.account), region };
      const subject = cloudSubject(place, call.verb === 'missingActions' ? null : call.verb, keyOf(call));
      if (faults.take('apiDown', subject)) throw noAnswer(place, 'the connection was refused, nothing listens there');
      const slow = faults.take('slow', subject);
      if (slow) await sleep(clock, slow.delayMs ?? 1000, signal);
      signal.throwIfAborted();
      const reply = replied(() => answer(request, place));
      if (!isRead(call) && faults.take('lostReply', subject)) throw noAnswer(place, 'the connection was cut');
      return reply;
    },
    restore: ({ version, cloud: place, entry = null }) => store.restore(version, place, entry),
    goOn() {
      for (const entry of store.all()) onDue(entry);
    },
    *dump() {
      // One more at each start, so that a new process draws other ids than the one before.
      yield { cloud: null, version: store.version + 1 };
      for (const entry of store.all()) {
        const { account, region, type, name } = entry;
        yield { cloud: { account, region, type, name }, version: store.version, entry };
      }
    },
    close: () => wakes.close(),
  };
}

const PAGE_SIZE = 100;

interface Account {
  readonly account: string;
  readonly region: string;
}

function keyOf(call: CloudCall): Partial<CloudKey> | null {
  if (call.verb === 'list') return call.query.type === undefined ? null : { type: call.query.type };
  return 'key' in call ? call.key : null;
}

function replied(action: () => CloudAnswers[CloudCall['verb']]): CloudReply {
  try {
    return { value: action() };
  } catch (error) {
    if (error instanceof CloudRefusalError) return { refusal: error.refusal };
    throw error;
  }
}

function noAnswer({ account }: Account, why: string): UnreachableError {
  return new UnreachableError(`Cannot reach the cloud at sandbox/${account}: ${why}.`);
}
