import type { KubernetesDriver, KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import { DeniedError } from '../../../drivers/kubernetes/errors.js';
import { nameOfObject, titleOf } from '../object-name.js';
import { keptByCluster, whyLeftOut } from './left-out.js';
import { statedManifest } from './stated-manifest.js';

/** What is asked for. */
export interface AdoptionInput {
  readonly namespace: string;
  /** A label selector; '' takes all. */
  readonly selector: string;
  /** `Kind/name` of what is not to be taken. */
  readonly except: readonly string[];
}

export interface FoundObjects {
  /** As a person would have written them, in the order of their kinds and names; with the values of secrets. */
  readonly manifests: readonly KubernetesObject[];
  readonly leftOut: readonly { readonly object: string; readonly why: string }[];
  /** What could not be looked at, in sentences. */
  readonly unavailable: readonly string[];
}

/** What runs in a namespace and may be taken over. null: there is no such namespace. Reads only. */
export async function findObjects(
  driver: KubernetesDriver,
  { namespace, selector, except }: AdoptionInput,
  signal: AbortSignal,
): Promise<FoundObjects | null> {
  const place = await driver.get({ apiVersion: 'v1', kind: 'Namespace', namespace: null, name: namespace }, signal);
  if (!place) return null;
  const served = await driver.served(signal);
  const unavailable = served.unavailable.map((group) => `Objects of ${group}: its server does not answer.`);
  const types = served.types.filter(({ isNamespaced, kind }) => isNamespaced && !keptByCluster.has(kind));
  const lists = await Promise.all(
    types.map(async (type) => {
      try {
        return (await driver.list(type, { selector, namespace, signal })).objects;
      } catch (error) {
        if (!(error instanceof DeniedError)) throw error;
        unavailable.push(`${type.kind} of ${type.apiVersion}: ${error.message}`);
        return [];
      }
    }),
  );
  const manifests: KubernetesObject[] = [];
  const leftOut: FoundObjects['leftOut'][number][] = [];
  for (const live of lists.flat().sort(byName)) {
    const why = except.includes(`${live.kind}/${live.metadata.name}`) ? 'It was asked to be.' : whyLeftOut(live);
    if (why === null) manifests.push(statedManifest(live));
    else leftOut.push({ object: titleOf(nameOfObject(live)), why });
  }
  return { manifests, leftOut, unavailable: unavailable.sort() };
}

function byName(a: KubernetesObject, b: KubernetesObject): number {
  const [left, right] = [a, b].map(({ apiVersion, kind, metadata }) => `${kind} ${metadata.name} ${apiVersion}`);
  return (left ?? '') < (right ?? '') ? -1 : 1;
}
