import { rootOf } from './discovery.js';
import type { ResourceType, ServedTypes } from './driver.js';
import { KubernetesError } from './errors.js';
import { list, record, text } from './object-fields.js';
import { responseError } from './response-error.js';
import type { Transport } from './transport.js';

/**
 * Every kind that the cluster serves and that can be listed, each in one version: the one that its group prefers, where it
 * is served in that. A group whose own server does not answer (metrics, say) is named in the place of its kinds.
 * https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api
 */
export async function readServedTypes(transport: Transport, signal: AbortSignal): Promise<ServedTypes> {
  const groups = [await coreVersions(transport, signal), ...(await groupVersions(transport, signal))];
  const found = await Promise.all(groups.map((versions) => typesOfGroup(transport, versions, signal)));
  return { types: found.flatMap(({ types }) => types), unavailable: found.flatMap(({ unavailable }) => unavailable) };
}

async function coreVersions(transport: Transport, signal: AbortSignal): Promise<readonly string[]> {
  return list(record(await read(transport, '/api', signal)).versions).map(text);
}

/** The versions of each group, the preferred one first. */
async function groupVersions(transport: Transport, signal: AbortSignal): Promise<readonly (readonly string[])[]> {
  return list(record(await read(transport, '/apis', signal)).groups).map((group) => {
    const { preferredVersion, versions } = record(group);
    const all = [preferredVersion, ...list(versions)].map((version) => text(record(version).groupVersion));
    return [...new Set(all)].filter((version) => version !== '');
  });
}

async function typesOfGroup(
  transport: Transport,
  versions: readonly string[],
  signal: AbortSignal,
): Promise<ServedTypes> {
  const types = new Map<string, ResourceType>();
  const unavailable: string[] = [];
  for (const apiVersion of versions) {
    try {
      for (const type of await typesOf(transport, apiVersion, signal)) {
        if (!types.has(type.kind)) types.set(type.kind, type);
      }
    } catch (error) {
      if (!(error instanceof KubernetesError)) throw error;
      unavailable.push(apiVersion);
    }
  }
  return { types: [...types.values()], unavailable };
}

async function typesOf(
  transport: Transport,
  apiVersion: string,
  signal: AbortSignal,
): Promise<readonly ResourceType[]> {
  const resources = list(record(await read(transport, rootOf(apiVersion), signal)).resources).map(record);
  return resources
    .filter(({ name, verbs }) => !text(name).includes('/') && list(verbs).includes('list'))
    .map(({ name, kind, namespaced }) => ({
      apiVersion,
      kind: text(kind),
      plural: text(name),
      isNamespaced: namespaced === true,
    }));
}

async function read(transport: Transport, path: string, signal: AbortSignal): Promise<unknown> {
  const response = await transport.request({ method: 'GET', path, signal });
  if (response.status === 200) return response.body;
  throw responseError(`Asking ${transport.host} what it serves at ${path}`, response);
}
