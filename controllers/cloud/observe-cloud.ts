import type { CloudDriver, CloudKey, CloudResource, CloudState } from '../../drivers/cloud/driver.js';
import type { JsonObject } from '../../lib/canonical.js';
import { isSecretReference, type SecretReference } from '../../lib/kind.js';
import type { ResourceView } from '../../sdk/resource.js';
import type { ResourceClient } from '../../sdk/resource-client.js';
import type { ReconcileContext } from '../../sdk/runtime/reconciler.js';
import { ObservationError } from '../observation-error.js';
import type { CloudKind, CloudLook } from './cloud-kind.js';
import { cloudName } from './cloud-name.js';
import type { CloudObservation } from './cloud-observation.js';
import { cloudTags } from './cloud-tags.js';
import type { Clouds } from './clouds.js';
import { openCreations } from './creation-token.js';
import type { SharedLook } from './shared-look.js';
import type { SharedLooks } from './shared-looks.js';

export interface CloudContext<Spec> {
  readonly kind: CloudKind<Spec>;
  readonly client: ResourceClient<Spec>;
  readonly clouds: Clouds;
  readonly looks: SharedLooks;
  /** The spec of another resource; null: it is not there. */
  readonly readSpec: (kind: string, id: string, context: ReconcileContext) => Promise<JsonObject | null>;
}

/** Where it is, and by whom it is reached there; in words what it waits for when that is not known. */
export async function openPlace<Spec>(
  { kind, clouds, looks }: Pick<CloudContext<Spec>, 'kind' | 'clouds' | 'looks'>,
  resource: ResourceView<Spec>,
  context: ReconcileContext,
): Promise<{ readonly driver: CloudDriver; readonly key: CloudKey; readonly shared: SharedLook } | string> {
  const accountId = kind.accountId(resource);
  if (accountId === null) return 'In which account it is, is not known yet.';
  const region = kind.region(resource);
  if (region === null) return 'In which location it is, is not known yet.';
  const key = { type: kind.type, name: cloudName(resource) };
  const shared = looks.at(accountId, region, kind.type);
  return { driver: await clouds.get(accountId, region, context), key, shared };
}

/** The look that it shares; null while nobody knows where it is. */
export function sharedLookOf<Spec>(
  { kind, looks }: Pick<CloudContext<Spec>, 'kind' | 'looks'>,
  resource: ResourceView<Spec>,
): SharedLook | null {
  const [accountId, region] = [kind.accountId(resource), kind.region(resource)];
  return accountId === null || region === null ? null : looks.at(accountId, region, kind.type);
}

/** Looks at it in its cloud. Writes nothing there. */
export async function observeCloud<Spec>(
  options: CloudContext<Spec>,
  resource: ResourceView<Spec>,
  context: ReconcileContext,
): Promise<CloudObservation<Spec>> {
  const { kind } = options;
  const place = await openPlace(options, resource, context);
  if (typeof place === 'string') return { type: 'unknown', waitsFor: place };
  const { driver, key, shared } = place;
  const atMs = context.clock.monotonicMs();
  const shown = shared.take(resource.id) ?? (await describe(driver, key, context.signal));
  checkNewest(resource, shown);
  const underWay = shown && shared.underWay(resource.id, shown, { atMs, lagMs: driver.consistencyMs });
  // What was asked for is not taken back by a read that lags behind it.
  const seen = shown && underWay ? { ...shown, state: underWay } : shown;
  const isLeaving = resource.deletionRequestedAt !== null;
  followSeen(shared, resource, key, shown, underWay, context);
  const specs = isLeaving ? {} : await readSpecs(options, resource, context);
  const found = { resource, seen, specs, kept: keptOf(resource) };
  const look = isLeaving ? found : { ...found, kept: await keepSecrets(options, found, context) };
  const wish = isLeaving ? null : kind.propertiesOf(look);
  return {
    ...{ type: 'looked', key, look, wish },
    isAwaited: seen === null && isAwaited(resource, driver),
    overIntents: seen === null ? [] : overIntents(resource, driver),
  };
}

/** What nothing is to be heard of any more, or may come only, is not followed: that has a time of its own. */
function followSeen(
  shared: SharedLook,
  resource: ResourceView<unknown>,
  { name }: CloudKey,
  seen: CloudResource | null,
  underWay: CloudState | null,
  { lease, signal }: ReconcileContext,
): void {
  const { id } = resource;
  const isLeft = seen === null || seen.tags[cloudTags.retained] !== undefined;
  const awaits = underWay ?? (seen !== null && passingStates.has(seen.state) ? seen.state : null);
  if (isLeft) shared.forget(id);
  else shared.follow({ id, name, seen, awaits, call: { lease, signal } });
}

const passingStates: ReadonlySet<CloudState> = new Set(['creating', 'updating', 'deleting']);

async function describe(driver: CloudDriver, key: CloudKey, signal: AbortSignal): Promise<CloudResource | null> {
  try {
    return await driver.describe(key, signal);
  } catch (cause) {
    signal.throwIfAborted();
    throw new ObservationError(`Cannot look at the ${key.type} ${key.name}`, { cause });
  }
}

/** Another process has the lease by now, and has written what this pass does not know of. */
function checkNewest({ generation }: ResourceView<unknown>, seen: CloudResource | null): void {
  const written = Number(seen?.tags[cloudTags.generation] ?? 0);
  if (written <= generation) return;
  throw new Error(`The cloud has it as of generation ${written}; this pass is about ${generation} and stops.`);
}

/**
 * Within the time that a read may lag behind, not seen is not absent. Whoever makes it finds its name taken by what comes
 * late. Nobody does when it leaves, so then nothing may come any more either.
 */
function isAwaited(resource: ResourceView<unknown>, driver: CloudDriver): boolean {
  const windowMs = driver.consistencyMs + (resource.deletionRequestedAt === null ? 0 : driver.arrivalMs);
  return openCreations(resource).some(({ ageMs }) => ageMs < windowMs);
}

/** What is seen is of one try. Which one, nobody says: of several, the others may still arrive once the name is free. */
function overIntents(resource: ResourceView<unknown>, { arrivalMs }: CloudDriver): readonly string[] {
  const open = openCreations(resource);
  const over = open.length === 1 ? open : open.filter(({ ageMs }) => ageMs >= arrivalMs);
  return over.map(({ id }) => id);
}

async function readSpecs<Spec>(
  { kind, readSpec }: CloudContext<Spec>,
  { references }: ResourceView<Spec>,
  context: ReconcileContext,
): Promise<Readonly<Record<string, JsonObject>>> {
  const specs: Record<string, JsonObject> = {};
  for (const path of kind.reads ?? []) {
    const reference = references.find((each) => each.path === path);
    const spec = reference ? await readSpec(reference.kind, reference.id, context) : null;
    if (spec) specs[path] = spec;
  }
  return specs;
}

/** As the last status names them. */
function keptOf({ status }: ResourceView<unknown>): Readonly<Record<string, SecretReference>> {
  const secret = Object.entries(status.outputs).flatMap(([name, { value }]) =>
    isSecretReference(value) ? [[name, value] as const] : [],
  );
  return Object.fromEntries(secret);
}

/** The secrets of its outputs: those that no status has named yet are asked for, and those that the cloud gave are kept. */
async function keepSecrets<Spec>(
  { kind, client }: CloudContext<Spec>,
  look: CloudLook<Spec>,
  context: ReconcileContext,
): Promise<Readonly<Record<string, SecretReference>>> {
  const { resource, seen } = look;
  const kept: Record<string, SecretReference> = { ...look.kept };
  // Before there is anything, nothing was generated for it either, or it is of no use yet.
  if (seen && (kind.generated ?? []).some((name) => !kept[name])) {
    for (const { id, version, name } of await client.releaseCredential(resource.id, context)) {
      const output = outputOf(name);
      if (output !== null) kept[output] ??= { $secret: { id, version } };
    }
  }
  for (const [name, value] of Object.entries(kind.secretOutputsOf?.(look) ?? {})) {
    kept[name] = await client.storeSecret(resource.id, { name: secretName(name), value }, context);
  }
  return kept;
}

/** Under what name the secret of an output is kept. */
export function secretName(output: string): string {
  return `${PREFIX}${output}`;
}

/** The output that a secret of that name is for; null when it is for none. */
export function outputOf(name: string | null): string | null {
  return name?.startsWith(PREFIX) ? name.slice(PREFIX.length) : null;
}

const PREFIX = 'outputs/';
