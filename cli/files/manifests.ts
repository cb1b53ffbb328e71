import { isJsonObject, type JsonObject } from '../../lib/canonical.js';
import { allowedName, whyLabelIsRefused, whyNameIsRefused } from './kubernetes-names.js';
import { locate, type Path } from './locate.js';
import type { Problem } from './problem.js';
import type { YamlDocument } from './yaml-documents.js';

/** A Kubernetes object, and where in which document it was written. */
export interface Manifest {
  readonly object: unknown;
  readonly source: YamlDocument;
  /** Path of the object in that document: empty, or into the `items` of a List. */
  readonly path: Path;
}

/** The objects of a document: itself, or the items of a List. */
export function manifestsOf(
  source: YamlDocument,
  path: Path = [],
  object: unknown = source.value,
): readonly Manifest[] {
  if (isJsonObject(object) && object.kind === 'List' && Array.isArray(object.items)) {
    return object.items.flatMap((item, index) => manifestsOf(source, [...path, 'items', index], item));
  }
  return [{ object, source, path }];
}

/** What the API server would refuse, as far as that can be told without it. */
export function checkManifest(manifest: Manifest): readonly Problem[] {
  const { object } = manifest;
  const problem = (message: string, path: Path, what: 'key' | 'value' = 'value'): Problem => ({
    ...locate(manifest.source, [...manifest.path, ...path], what),
    message,
  });
  if (!isJsonObject(object))
    return [problem('this is not a Kubernetes object: it has no apiVersion, kind and metadata', [])];

  const problems = ['apiVersion', 'kind']
    .filter((key) => typeof object[key] !== 'string' || object[key] === '')
    .map((key) =>
      problem(`a Kubernetes object needs ${key}, such as ${key === 'kind' ? 'Deployment' : 'apps/v1'}`, [key], 'key'),
    );
  const metadata = isJsonObject(object.metadata) ? object.metadata : {};
  const kind = typeof object.kind === 'string' ? object.kind : '';
  if (metadata.generateName !== undefined && metadata.name === undefined) {
    return [
      ...problems,
      problem('generateName gives another name each time; give the object a name', ['metadata', 'generateName'], 'key'),
    ];
  }
  if (typeof metadata.name !== 'string' || metadata.name === '') {
    return [...problems, problem(`${kind || 'a Kubernetes object'} needs metadata.name`, ['metadata', 'name'], 'key')];
  }
  const name = metadata.name;
  const refuse = (what: string, given: string, why: string | null, path: Path) => {
    const better = allowedName(given);
    if (why)
      problems.push(
        problem(
          `Kubernetes would refuse the ${what} "${given}": ${why}${better ? `; "${better}" would do` : ''}`,
          path,
        ),
      );
  };
  refuse(`name of ${kind || 'the object'}`, name, whyNameIsRefused(kind, name), ['metadata', 'name']);
  if (typeof metadata.namespace === 'string') {
    refuse('namespace', metadata.namespace, whyLabelIsRefused(metadata.namespace), ['metadata', 'namespace']);
  }
  for (const { containerName, path } of containersIn(object))
    refuse('name of a container', containerName, whyLabelIsRefused(containerName), path);
  return problems;
}

/** Objects that are written twice, each placed where the later one is. */
export function duplicateManifests(manifests: readonly Manifest[]): readonly Problem[] {
  const seen = new Map<string, Manifest>();
  const problems: Problem[] = [];
  for (const manifest of manifests) {
    const key = keyOf(manifest.object);
    if (key === null) continue;
    const first = seen.get(key);
    if (!first) {
      seen.set(key, manifest);
      continue;
    }
    const place = locate(first.source, first.path);
    problems.push({
      ...locate(manifest.source, manifest.path),
      message: `${key.split('|').filter(Boolean).slice(1).join(' ')} is there twice; first at ${place.file}:${place.line}`,
    });
  }
  return problems;
}

function keyOf(object: unknown): string | null {
  if (!isJsonObject(object) || !isJsonObject(object.metadata)) return null;
  const { name, namespace } = object.metadata;
  if (typeof name !== 'string' || typeof object.kind !== 'string' || typeof object.apiVersion !== 'string') return null;
  const group = object.apiVersion.includes('/') ? object.apiVersion.split('/')[0] : 'core';
  return [group, object.kind, typeof namespace === 'string' ? namespace : '', name].join('|');
}

function* containersIn(object: JsonObject): Generator<{ containerName: string; path: Path }> {
  for (const base of podSpecPaths) {
    const podSpec = valueAt(object, base);
    if (!isJsonObject(podSpec)) continue;
    for (const list of ['initContainers', 'containers']) {
      const containers = podSpec[list];
      if (!Array.isArray(containers)) continue;
      for (const [index, container] of containers.entries()) {
        if (isJsonObject(container) && typeof container.name === 'string') {
          yield { containerName: container.name, path: [...base, list, index, 'name'] };
        }
      }
    }
  }
}

const podSpecPaths: readonly Path[] = [
  ['spec'],
  ['spec', 'template', 'spec'],
  ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
];

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((found, step) => (isJsonObject(found) ? found[String(step)] : undefined), value);
}
