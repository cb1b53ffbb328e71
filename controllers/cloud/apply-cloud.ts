import type { CloudDriver, CloudKey, CloudState, CloudWish } from '../../drivers/cloud/driver.js';
import {
  AlreadyExistsError,
  BusyError,
  CloudError,
  NotFoundError,
  ProtectedError,
  ServerError,
  ThrottledError,
  UnreachableError,
} from '../../drivers/cloud/errors.js';
import type { JsonObject } from '../../lib/canonical.js';
import { errorText } from '../../lib/errors.js';
import { listSecretReferences, resolveSecrets } from '../../model/secrets.js';
import type { ResourceView } from '../../sdk/resource.js';
import type { ReleasedSecret } from '../../sdk/resource-client.js';
import type { ReconcileContext } from '../../sdk/runtime/reconciler.js';
import { checkMayWrite } from '../../sdk/runtime/steps.js';
import { toActionError } from './cloud-failure.js';
import type { CloudLook } from './cloud-kind.js';
import type { CloudAction } from './cloud-observation.js';
import { cloudTags, tagsFor } from './cloud-tags.js';
import { CREATION } from './creation-token.js';
import { type CloudContext, openPlace, outputOf } from './observe-cloud.js';

/** Does one action, and returns when the cloud accepted it. Nothing else in this house writes to a cloud. */
export async function applyCloud<Spec>(
  options: CloudContext<Spec>,
  resource: ResourceView<Spec>,
  action: CloudAction<Spec>,
  context: ReconcileContext,
): Promise<void> {
  if (action.type === 'await') return;
  const place = await openPlace(options, resource, context);
  if (typeof place === 'string') throw new Error(place);
  const { driver, key, shared } = place;
  const follow = () => {
    const { lease, signal } = context;
    const { seen } = action.look;
    const awaits = meanwhile[action.type];
    shared.follow({ id: resource.id, name: key.name, seen, awaits, isAsked: true, call: { lease, signal } });
  };
  try {
    await write(options, resource, driver, action, context);
    follow();
  } catch (error) {
    context.signal.throwIfAborted();
    if (isOvertaken(action.type, error)) return follow();
    if (action.type === 'create' && isRefusal(error)) await forgetTry(options, resource, action.token, error, context);
    if (resource.deletionRequestedAt !== null && isPassing(error)) throw error;
    throw toActionError(`Cannot ${action.type} it`, error);
  }
}

/** How it is seen to be while what was asked for is under way. */
const meanwhile = {
  create: 'creating',
  update: 'updating',
  adjust: 'updating',
  delete: 'deleting',
  empty: null,
} as const satisfies Record<Exclude<CloudAction<never>['type'], 'await'>, CloudState | null>;

/** Whether an error says nothing of what was asked: the same a little later may do. */
export function isPassing(error: unknown): boolean {
  return error instanceof ThrottledError || error instanceof UnreachableError || error instanceof ServerError;
}

/** Whether an error says that nothing was made. */
function isRefusal(error: unknown): boolean {
  return error instanceof CloudError && !(error instanceof UnreachableError || error instanceof ServerError);
}

/** A creation that was refused is not waited for: the next look may ask again at once. */
async function forgetTry<Spec>(
  { client }: CloudContext<Spec>,
  { id }: ResourceView<Spec>,
  token: string,
  error: unknown,
  context: ReconcileContext,
): Promise<void> {
  const intent = await client.beginIntent(id, { action: CREATION, token }, context);
  await client.resolveIntent(id, intent.id, { refused: errorText(error) }, context);
}

async function write<Spec>(
  options: CloudContext<Spec>,
  resource: ResourceView<Spec>,
  driver: CloudDriver,
  action: Exclude<CloudAction<Spec>, { readonly type: 'await' }>,
  context: ReconcileContext,
): Promise<void> {
  const { signal } = context;
  const { key, look } = action;
  switch (action.type) {
    case 'create': {
      const wish = await wishFor(options, look, context);
      checkMayWrite(context);
      return driver.create(key, { ...wish, token: action.token }, signal);
    }
    case 'update': {
      const wish = await wishFor(options, look, context);
      checkMayWrite(context);
      return driver.update(key, wish, signal);
    }
    case 'adjust': {
      checkMayWrite(context);
      const { properties = {}, tags = {} } = look.seen ?? {};
      return driver.update(key, { properties: { ...properties, ...action.properties }, tags }, signal);
    }
    case 'empty':
      checkMayWrite(context);
      return driver.empty(key, signal);
    case 'delete': {
      checkMayWrite(context);
      const isRetained = action.why === 'removed' && options.kind.contentPolicy?.(resource.spec) === 'retain';
      await driver.delete(key, look.seen?.id ?? null, signal).catch((error: unknown) => {
        if (!isRetained || !(error instanceof ProtectedError)) throw error;
        return retain(driver, key, look.seen?.properties ?? {}, resource, signal);
      });
    }
  }
}

/** From now on it belongs to nobody, and counts as gone. */
function retain(
  driver: CloudDriver,
  key: CloudKey,
  properties: JsonObject,
  resource: ResourceView<unknown>,
  signal: AbortSignal,
): Promise<void> {
  const tags = { ...tagsFor(resource, []), [cloudTags.retained]: 'true' };
  return driver.update(key, { properties, tags }, signal);
}

/** What it is to be, with plaintext in the place of references: for the cloud alone. */
async function wishFor<Spec>(
  { kind, client }: CloudContext<Spec>,
  look: CloudLook<Spec>,
  context: ReconcileContext,
): Promise<Omit<CloudWish, 'token'>> {
  const { resource } = look;
  const hasSecrets = (kind.generated ?? []).length > 0 || listSecretReferences(kind.propertiesOf(look)).length > 0;
  const released = hasSecrets ? await client.releaseCredential(resource.id, context) : [];
  const wish = kind.propertiesOf({ ...look, kept: { ...look.kept, ...keptOf(released) } });
  // By id alone: what was renewed has a higher version than the spec names.
  const values = new Map(released.map(({ id, value }) => [id, value]));
  return {
    properties: resolveSecrets(wish, ({ $secret }) => values.get($secret.id) ?? null),
    tags: tagsFor(resource, listSecretReferences(wish)),
  };
}

function keptOf(released: readonly ReleasedSecret[]): CloudLook<never>['kept'] {
  const own = released.flatMap(({ id, version, name }) => {
    const output = outputOf(name);
    return output === null ? [] : [[output, { $secret: { id, version } }] as const];
  });
  return Object.fromEntries(own);
}

/** Whether it only says that the last look was late: the next one decides, and there is nothing to tell. */
function isOvertaken(action: CloudAction<never>['type'], error: unknown): boolean {
  if (error instanceof BusyError) return true;
  return error instanceof (action === 'create' ? AlreadyExistsError : NotFoundError);
}
