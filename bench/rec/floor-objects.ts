import { randomUUID } from 'node:crypto';
import { withMarks } from '../../controllers/marks.js';
import { renderWorkload } from '../../controllers/workload/render.js';
import type { JsonObject } from '../../lib/canonical.js';
import { namespaceOf } from '../../model/expand/namespace.js';
import { instanceName, loadApp } from './load-app.js';

/** One server-side apply. */
export interface FloorApply {
  readonly path: string;
  readonly body: string;
}

/** What the namespaces of some instances need, and what is in them. */
export interface FloorWork {
  readonly namespaces: readonly FloorApply[];
  readonly objects: readonly FloorApply[];
}

/** By it the floor's objects are found, and controllers do not take them for theirs. As long as the label in its place. */
export const floorLabel = 'portolan.dev/benchmark';
const ourLabel = 'portolan.dev/instance';

/** The bodies that controllers would apply for instances `first` to `first + count - 1`, but for {@link floorLabel}. */
export function floorWork(first: number, count: number): FloorWork {
  const namespaces: FloorApply[] = [];
  const objects: FloorApply[] = [];
  for (let index = first; index < first + count; index += 1) {
    const name = instanceName(index);
    const ownerId = randomUUID();
    const namespace = namespaceOf({ id: ownerId, name });
    const place = { app: 'load', instance: name, namespace, release: 1, after: [], runtime: 'target' };
    const component = { ...place, component: 'web', objects: objectsOf() };
    const home = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
    namespaces.push(...rendered(ownerId, { ...place, component: 'namespace', objects: [home] }));
    objects.push(...rendered(ownerId, component));
  }
  return { namespaces, objects };
}

function objectsOf(): readonly JsonObject[] {
  const [component] = loadApp.components;
  const text = JSON.stringify(component.objects).replace('{"$from":"parameters.color"}', '"none"');
  return JSON.parse(text) as readonly JsonObject[];
}

function rendered(ownerId: string, spec: object): readonly FloorApply[] {
  const id = randomUUID();
  const workload = { id, ownerId, name: 'web', generation: 1, spec, deletionRequestedAt: null };
  const { objects } = renderWorkload(
    workload as Parameters<typeof renderWorkload>[0],
    (_version, kind) => kind !== 'Namespace',
  );
  return objects.map(({ object, hash, name }) => {
    const body = withMarks(object, { resourceId: id, generation: 1, renderHash: hash });
    const text = JSON.stringify({ ...body, metadata: { ...body.metadata, resourceVersion: '1' } });
    const plural = `${name.kind.toLowerCase()}s`;
    const folder = name.namespace === '' ? '' : `/namespaces/${name.namespace}`;
    return { path: `/api/v1${folder}/${plural}/${name.name}`, body: text.replaceAll(ourLabel, floorLabel) };
  });
}
