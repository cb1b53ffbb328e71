import { isJsonObject, type Json, type JsonObject } from '../../lib/canonical.js';
import { outputMarkerOf } from '../../lib/output-marker.js';
import { sourceOf } from '../expand/value-reference.js';
import type { FieldLeaf, FieldNode } from '../fields/field-tree.js';
import type { OriginFacts, OriginInstance, OriginResource } from './origin-facts.js';
import { releasePlaces } from './places.js';
import type { SpecTrees } from './spec-trees.js';

/** A value that a release takes from somewhere else: a parameter, a variable of the environment, an output. */
export interface SaidElsewhere {
  /** `layer:binding/db`, `layer:instance`. */
  readonly manager: string;
  /** Where it is stated; null: nowhere, or not known any more. */
  readonly resource: OriginResource | null;
  readonly path: string;
}

/** What a field of something that was expanded is taken from; null: the release, or a layer, says the value itself. */
export function expressionAt(
  { expandedFrom, resource }: OriginFacts,
  leaf: FieldLeaf,
  trees: SpecTrees,
): SaidElsewhere | null {
  if (!expandedFrom) return null;
  const found = written(expandedFrom, resource, leaf.path, trees);
  const marker = outputMarkerOf(leaf.value);
  const source = marker
    ? `${marker.$output.from}.${marker.$output.output}`
    : (secretOutput(leaf) ?? found?.source ?? null);
  if (source === null) return null;
  const place = found?.place ?? `components[${resource.name}].bindings[${source.split('.')[0]}]`;
  return meaning(expandedFrom, source, place);
}

function meaning(
  { instance, environment, release, app }: OriginInstance,
  source: string,
  place: string,
): SaidElsewhere | null {
  const [from = '', name = ''] = source.split('.');
  if (from === 'parameters') {
    const { parameters } = instance.spec;
    const isGiven = isJsonObject(parameters) && parameters[name] !== undefined;
    return isGiven
      ? { manager: 'layer:instance', resource: instance, path: `parameters.${name}` }
      : { manager: `layer:release/${release.number}`, resource: app, path: `parameters[${name}].default` };
  }
  if (from === 'environment') {
    return (
      environment && {
        manager: `layer:environment/${environment.name}`,
        resource: environment,
        path: `variables.${name}`,
      }
    );
  }
  return { manager: `layer:binding/${from}`, resource: app, path: place };
}

/** A variable that gets an output which is a secret has it from a Secret of the component: its key says which. */
function secretOutput({ path, parent }: FieldNode): string | null {
  if (!/\.valueFrom\.secretKeyRef\.(name|key)$/.test(path)) return null;
  const at = (field: string) => parent?.children.find((child) => child.step?.key === field)?.value;
  const [name, key] = [at('name'), at('key')];
  return typeof name === 'string' && name.startsWith('portolan-') && typeof key === 'string' ? key : null;
}

interface Written {
  /** `db.host`, `parameters.size`. */
  readonly source: string;
  /** Of the release. */
  readonly place: string;
}

/** What the release has in the place of a value. */
function written(
  { release }: OriginInstance,
  { kind, name }: OriginResource,
  path: string,
  trees: SpecTrees,
): Written | null {
  const { nodes } = trees.of(release.spec);
  // What was a value may be delivered as a reference to a Secret.
  const asked = path.replace(/\.valueFrom\.secretKeyRef\.(name|key)$/, '.value');
  for (const place of releasePlaces(kind, name, asked)) {
    const source = sourceOf(nodes.get(place)?.value);
    if (source !== null) return { source, place };
  }
  return kind === 'Workload' ? setInto(release.spec, name, path) : null;
}

/** By an entry of `set`: `{ object: Deployment/web, path: spec.replicas, from: parameters.replicas }`. */
function setInto({ components }: JsonObject, name: string, path: string): Written | null {
  const all = Array.isArray(components) ? components : [];
  const component = all.find((each: Json) => isJsonObject(each) && each.name === name);
  const entries = isJsonObject(component) && Array.isArray(component.set) ? component.set : [];
  const [, at = '', field] = /^objects\[([^\]]*)\]\.(.*)$/.exec(path) ?? [];
  for (const entry of entries) {
    if (!isJsonObject(entry) || typeof entry.from !== 'string' || field !== entry.path) continue;
    if (shortKey(at) === entry.object) return { source: entry.from, place: `components[${name}].set` };
  }
  return null;
}

/** `Kind/name`, as components name their objects, of the key of one. */
const shortKey = (key: string) => key.replace(/^([^/.]*)[^/]*\/(?:[^/]*\/)?([^/]*)$/, '$1/$2');
