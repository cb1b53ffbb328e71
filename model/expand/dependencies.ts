import { isJsonObject, type Json, type JsonObject } from '../../lib/canonical.js';
import { BadInputError } from '../../lib/errors.js';
import type { KindRegistry, ResourceReference, SpecOf } from '../../lib/kind.js';
import { nearest } from '../../lib/nearest.js';
import { absent, replaceValues } from '../../lib/output-marker.js';
import type { AppDependency } from '../../schema/kinds/app-dependency.js';
import type { appInstanceKind } from '../../schema/kinds/app-instance.js';
import type { ExpandedChild } from './expander.js';
import { knownOutputsOf } from './known-outputs.js';
import { sourceOf } from './value-reference.js';
import type { Values } from './values.js';

export interface DependencyContext {
  readonly registry: KindRegistry;
  readonly instance: SpecOf<typeof appInstanceKind>;
  /** `layer:release/3`. */
  readonly releaseLayer: string;
  readonly values: Values;
  /** What the kind of a dependency gets from the app instance: where it runs. */
  readonly placed: Readonly<Record<string, JsonObject>>;
}

/** A dependency of an app instance, as its components see it. */
export interface Dependency {
  readonly name: string;
  readonly target: ResourceReference;
  /** Of its own; null: it is there already. */
  readonly child: ExpandedChild | null;
  /** The outputs it will have; null: not known before. */
  readonly outputs: readonly string[] | null;
  isSecret(output: string): boolean | null;
}

/** What one dependency of a release becomes for an instance. Throws BadInputError for what cannot be. */
export function dependencyOf(declared: AppDependency, index: number, context: DependencyContext): Dependency {
  const { registry, instance } = context;
  const path = ['spec', 'dependencies', index];
  const own = instance.dependencies as Readonly<Record<string, AppDependency | undefined>> | undefined;
  const chosen = own?.[declared.name];
  checkKind(registry, declared, path);
  const known = knownOutputsOf(registry, declared.kind);
  const common = { name: declared.name, isSecret: known.isSecret };
  const shared = chosen?.shared ?? declared.shared ?? (declared.kind === 'AppInstance' ? appOf(declared) : null);
  if (shared) return { ...common, target: shared, child: null, outputs: known.isOpen ? null : known.names };

  const child = childOf(declared, chosen, context, path);
  const outputs = known.isOpen ? secretKeys(declared.kind, child.spec) : known.names;
  return { ...common, target: { kind: declared.kind, name: declared.name, scope: 'owner' }, child, outputs };
}

function childOf(
  declared: AppDependency,
  chosen: AppDependency | undefined,
  context: DependencyContext,
  path: readonly (string | number)[],
): ExpandedChild {
  const layers: Record<string, string> = { '': context.releaseLayer };
  const definition = chosen?.definition ?? declared.definition;
  if (chosen?.definition !== undefined) layers.definition = 'layer:instance';
  const stated = resolve((declared.spec ?? {}) as JsonObject, declared, context, layers, [...path, 'spec']);
  const changed = resolve((chosen?.spec ?? {}) as JsonObject, declared, context, {}, [
    'spec',
    'dependencies',
    declared.name,
  ]);
  for (const leaf of leavesOf(changed)) layers[leaf] = 'layer:instance';
  const placed = context.placed[declared.kind] ?? {};
  for (const key of Object.keys(placed)) layers[key] = 'layer:placement';
  return {
    kind: declared.kind,
    name: declared.name,
    spec: { ...(definition === undefined ? {} : { definition }), ...merge(stated, changed), ...placed },
    layers,
  };
}

/** Parameters put in. A stack takes outputs as well: its controller puts them in. */
function resolve(
  spec: JsonObject,
  declared: AppDependency,
  { values }: DependencyContext,
  layers: Record<string, string>,
  path: readonly (string | number)[],
): JsonObject {
  const used = new Set<string>();
  const resolved = replaceValues(spec, (value, at) => {
    const source = sourceOf(value);
    if (source === null) return undefined;
    const takesOutputs = declared.kind === 'TerraformStack' && at[0] === 'variables';
    const found = values.find(source, { path: [...path, ...at], used, takesOutputs });
    if (found.isOfInstance) layers[at.join('.')] = 'layer:instance';
    return found.value;
  });
  const result = resolved === absent ? {} : (resolved as JsonObject);
  if (used.size === 0) return result;
  return {
    ...result,
    bindings: values.bindings(used).map((binding): JsonObject => ({ ...binding, resource: { ...binding.resource } })),
  };
}

function appOf({ name, spec }: AppDependency): ResourceReference {
  const app: unknown = isJsonObject(spec) ? spec.app : undefined;
  return { kind: 'AppInstance', name: typeof app === 'string' ? app : name, scope: 'environment' };
}

/** Of a Secret all keys are known beforehand. */
function secretKeys(kind: string, spec: JsonObject): readonly string[] | null {
  if (kind !== 'Secret') return null;
  const generate = Array.isArray(spec.generate) ? spec.generate : [];
  const generated = generate.flatMap((item) => (isJsonObject(item) && typeof item.key === 'string' ? [item.key] : []));
  const given = isJsonObject(spec.values) ? Object.keys(spec.values) : [];
  // Its definition may make more.
  return spec.definition === undefined ? [...new Set([...given, ...generated])] : null;
}

function checkKind(registry: KindRegistry, { name, kind }: AppDependency, path: readonly (string | number)[]): void {
  const possible = registry.kinds.filter(isPossible).map((each) => each.name);
  if (possible.includes(kind)) return;
  const near = nearest(kind, possible);
  throw new BadInputError(
    `The dependency ${name} cannot be of kind "${kind}"${near ? `; did you mean ${near}?` : '.'} An app may depend on: ${possible.join(', ')}.`,
    { path: [...path, 'kind'] },
  );
}

const isPossible = (kind: KindRegistry['kinds'][number]) =>
  kind.name === 'AppInstance' || (kind.definedBy !== undefined && kind.scope === 'environment');

function merge(below: JsonObject, above: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const under = merged[key];
    merged[key] = isJsonObject(value) && isJsonObject(under) ? merge(under, value) : value;
  }
  return merged;
}

function leavesOf(value: JsonObject, path: readonly string[] = []): readonly string[] {
  return Object.entries(value).flatMap(([key, item]) =>
    isJsonObject(item) && Object.keys(item).length > 0 ? leavesOf(item, [...path, key]) : [[...path, key].join('.')],
  );
}
