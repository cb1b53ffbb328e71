import { splitApiVersion } from '../../drivers/kubernetes/api-version.js';
import type { KubernetesDriver, KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { FieldConflictError, PreconditionError } from '../../drivers/kubernetes/errors.js';
import type { SecretReference } from '../../lib/kind.js';
import type { ObjectPolicy } from '../../schema/kinds/object-policy.js';
import type { ObjectView } from '../../sdk/resource.js';
import { marksOf, outsideAnnotations, withMarks } from '../marks.js';
import type { FieldPattern } from './drift/field-path.js';
import { withKeptFields } from './drift/kept-fields.js';
import { surplusPatch } from './drift/surplus.js';
import { yieldedFields } from './drift/yielded-fields.js';
import { withKeptReplicas } from './kept-replicas.js';
import { type ObjectName, toObjectKey } from './object-name.js';
import { ownershipOf } from './ownership.js';
import type { WorkloadAction } from './plan.js';
import type { RenderedObject } from './render.js';
import { needsSecrets, withSecretValues } from './secret-data.js';
import { withStatedBefore } from './stated-before.js';
import { isTakenOver, takenForm, takenMarks, withoutTakenMarks, withTakenMarks } from './taken-over.js';

export interface ApplyInput {
  readonly workloadId: string;
  /** That this pass knows. */
  readonly generation: number;
  readonly driver: KubernetesDriver;
  /** Throws when no outside write may start any more. Asked right before each. */
  checkDeadline(): void;
  /** Asked only when the object needs them. */
  releaseSecrets(): Promise<(reference: SecretReference) => string | null>;
  readonly row: ObjectView | null;
  /** Fields that keep their live values. */
  readonly kept: readonly FieldPattern[];
  readonly policy: ObjectPolicy | undefined;
  /** Whether an autoscaler that is gone set its replicas. */
  readonly isUnscaled: boolean;
  /** Objects of the workload that may scale others of it. */
  readonly scalers: readonly KubernetesObject[];
  readonly signal: AbortSignal;
}

/** Thrown when an object was to be made and is there already: whose it is shows when it is read. */
export class ThereAlreadyError extends PreconditionError {
  override readonly name = 'ThereAlreadyError';
}

type Apply = Extract<WorkloadAction, { type: 'apply' }>;

/**
 * Applies one object, on the very object that was seen: a uid and a version that are not current any more make the
 * server refuse, then it is read again, and given up when somebody newer or somebody else has it by now. A first apply
 * is fenced too: it creates, and does not join what is there: then it throws ThereAlreadyError. `onTakenOut`: called once
 * what others added is out, which stays so when the rest fails.
 */
export async function applyObject(
  action: Apply,
  input: ApplyInput,
  onTakenOut: () => void = () => {},
): Promise<KubernetesObject> {
  const body = await bodyOf(action, input);
  let live = action.live;
  for (let tries = 1; ; tries++) {
    try {
      const clean = live && (await withoutSurplus(action, live, input));
      if (clean !== live) onTakenOut();
      return await applyOnce(body, clean, input);
    } catch (error) {
      if (!(error instanceof PreconditionError) || tries === MAX_TRIES) throw error;
      if (action.live === null) throw new ThereAlreadyError(error.message, error.status, { cause: error });
      live = await input.driver.get(keyOf(body), input.signal);
      if (live) checkStillOurs(action, live, input);
    }
  }
}

/** A busy object (a roll-out reports its progress) changes between the read and the write; more than this is a real race. */
const MAX_TRIES = 8;

/** As it is once what others added to our lists was taken out, where that is what is to be put back. */
async function withoutSurplus(action: Apply, live: KubernetesObject, input: ApplyInput): Promise<KubernetesObject> {
  if (action.why !== 'drift') return live;
  const stated = statedOf(action, input);
  const ignored = [...input.kept, ...yieldedFields(live, input.policy, input.isUnscaled)];
  const patch = surplusPatch(stated, live, { ignored, isApplied: true });
  if (!patch) return live;
  input.checkDeadline();
  return input.driver.merge(keyOf(live), patch, input.signal);
}

/** What is stated of an object that is not ours alone, or that is; without marks and values of secrets. */
function statedOf({ desired, isAdopted, live }: Apply, { row }: ApplyInput): KubernetesObject {
  if (!isAdopted) return desired.object;
  return isTakenOver(row) ? takenForm(desired, live) : desired.bare;
}

async function bodyOf(action: Apply, input: ApplyInput): Promise<KubernetesObject> {
  const { desired, generation, isAdopted } = action;
  const plain = statedOf(action, input);
  const plaintextOf = needsSecrets(plain) ? await input.releaseSecrets() : () => null;
  const body = withSecretValues(plain, plaintextOf);
  const marks = { generation, renderHash: desired.hash };
  if (isAdopted) return isTakenOver(input.row) ? withTakenMarks(body, marks) : body;
  return withMarks(body, { resourceId: input.workloadId, ...marks });
}

async function applyOnce(body: KubernetesObject, live: KubernetesObject | null, input: ApplyInput) {
  const { driver, signal } = input;
  const fenced = live ? withFence(await leavingAlone(body, live, input), live) : withNoneThere(body);
  input.checkDeadline();
  try {
    // What is yielded is left out already, so all that is left is taken back: that is how an edit by hand ends. Asked for
    // without force first, that would be two requests.
    return await driver.apply(fenced, { force: live !== null, signal });
  } catch (error) {
    // Somebody made it in between: whose it is shows when it is read.
    if (!(error instanceof FieldConflictError)) throw error;
    throw new PreconditionError(error.message, error.status, { cause: error });
  }
}

/** `body` without what others keep, and with what would be reset if we left it out. */
async function leavingAlone(body: KubernetesObject, live: KubernetesObject, input: ApplyInput) {
  const kept = withKeptFields(body, live, [...input.kept, ...yieldedFields(live, input.policy, input.isUnscaled)]);
  return withKeptReplicas(kept, live, input.scalers, input);
}

function withFence(body: KubernetesObject, live: KubernetesObject): KubernetesObject {
  const { uid, resourceVersion } = live.metadata;
  return {
    ...body,
    metadata: { ...body.metadata, ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) },
  };
}

/**
 * No object has this version, so an API server refuses when there is one, and creates it otherwise (seen on 1.36). An
 * apply cannot say more plainly that it is to create: https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
function withNoneThere(body: KubernetesObject): KubernetesObject {
  return { ...body, metadata: { ...body.metadata, resourceVersion: '1' } };
}

function checkStillOurs({ desired, generation, isAdopted }: Apply, live: KubernetesObject, input: ApplyInput): void {
  const seen = marksOf(live).generation;
  if (seen !== null && seen > generation && marksOf(live).renderHash !== desired.hash) {
    throw new PreconditionError(
      `${desired.title} was written at generation ${seen} meanwhile; this pass is late.`,
      409,
    );
  }
  const { type } = ownershipOf(input.workloadId, live, input.row);
  if (!isAdopted && type !== 'ours') {
    throw new PreconditionError(`${desired.title} is somebody else's by now.`, 409);
  }
}

/**
 * Asks for the deletion of the very object that was seen. It is read again when it changed meanwhile, and kept when it
 * is not ours any more, or when somebody who knows a newer generation wrote it.
 */
export async function deleteObject(
  action: { readonly name: ObjectName; readonly title: string; readonly live: KubernetesObject },
  input: Pick<ApplyInput, 'workloadId' | 'generation' | 'driver' | 'checkDeadline' | 'row' | 'signal'>,
): Promise<void> {
  let { live } = action;
  const key = toObjectKey(action.name, splitApiVersion(live.apiVersion).version);
  for (let tries = 1; ; tries++) {
    input.checkDeadline();
    try {
      const { uid, resourceVersion } = live.metadata;
      if (!uid) throw new Error(`${action.title} has no uid, so it cannot be told from another one of its name.`);
      const fence = { uid, ...(resourceVersion && { resourceVersion }) };
      await input.driver.delete(key, { ...fence, isLast: runsPods(action.name), signal: input.signal });
      return;
    } catch (error) {
      if (!(error instanceof PreconditionError) || tries === MAX_TRIES) throw error;
      const now = await input.driver.get(key, input.signal);
      if (!now || now.metadata.uid !== live.metadata.uid || now.metadata.deletionTimestamp) return;
      if (ownershipOf(input.workloadId, now, input.row).type !== 'ours') return;
      const { generation } = marksOf(now);
      if (generation !== null && generation > input.generation) {
        throw new PreconditionError(
          `${action.title} was written at generation ${generation} meanwhile; this pass is late.`,
          409,
        );
      }
      live = now;
    }
  }
}

/** Absence of such an object is to mean that its pods are gone too. Of other kinds a cluster may learn too late what they own. */
function runsPods({ group }: ObjectName): boolean {
  return group === 'apps' || group === 'batch';
}

/**
 * Marks an object that was there before us, and changes nothing else of it. Returns it as it was seen last, and as it is
 * with them. What changed meanwhile is read again, as long as it is the very object.
 */
export async function takeOver(
  action: { readonly desired: RenderedObject; readonly live: KubernetesObject; readonly generation: number },
  input: Pick<ApplyInput, 'driver' | 'signal' | 'checkDeadline'> & { readonly dryRun?: boolean },
): Promise<{ readonly before: KubernetesObject; readonly after: KubernetesObject }> {
  const { driver, signal, checkDeadline, dryRun = false } = input;
  let { live } = action;
  for (let tries = 1; ; tries++) {
    checkDeadline();
    try {
      const marked = withStatedBefore(takenMarks(action.desired, live, action.generation), live);
      return { before: live, after: await driver.apply(marked, { force: true, dryRun, signal }) };
    } catch (error) {
      if (!(error instanceof PreconditionError) || tries === MAX_TRIES) throw error;
      const now = await driver.get(keyOf(live), signal);
      if (!now || now.metadata.uid !== live.metadata.uid) throw error;
      live = now;
    }
  }
}

/** Takes our marks off an object that was there before us. All else stays as it is. */
export async function disownObject(
  { live }: { readonly live: KubernetesObject },
  { driver, signal, checkDeadline }: Pick<ApplyInput, 'driver' | 'signal' | 'checkDeadline'>,
): Promise<void> {
  const patch = withoutTakenMarks(live);
  if (!patch) return;
  checkDeadline();
  await driver.merge(keyOf(live), patch, signal);
}

/**
 * Takes our labels and marks off an object that policy keeps, so that it belongs to nobody and the next one may use it.
 * All else stays as it is: what only we set is stated once more, for it would be reset if we left it out.
 */
export async function releaseObject(
  action: { readonly live: KubernetesObject },
  instance: string,
  { driver, signal, checkDeadline }: Pick<ApplyInput, 'driver' | 'signal' | 'checkDeadline'>,
): Promise<void> {
  const { apiVersion, kind, metadata, status: _status, ...rest } = action.live;
  const { name, namespace } = metadata;
  const body = {
    ...rest,
    apiVersion,
    kind,
    metadata: { name, ...(namespace && { namespace }), annotations: { [outsideAnnotations.kept]: instance } },
  };
  checkDeadline();
  await driver.apply(withFence(body, action.live), { force: true, signal });
}

function keyOf({ apiVersion, kind, metadata }: KubernetesObject) {
  return { apiVersion, kind, namespace: metadata.namespace ?? null, name: metadata.name };
}
