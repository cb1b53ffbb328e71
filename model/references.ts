import { isJsonObject } from '../lib/canonical.js';
import type { KindDefinition, KindReference, KindScope, ResourceReference } from '../lib/kind.js';

/** Another resource, as a spec or an expansion names it. */
export interface NamedResource {
  readonly kind: string;
  readonly scope: KindScope | ResourceReference['scope'];
  readonly name: string;
  /** The name of its project; null: that of the referrer. */
  readonly project: string | null;
  /** The name of its environment; null: that of the referrer, if its scope is an environment. */
  readonly environment: string | null;
}

export interface NamedReference extends NamedResource {
  /** Dotted, with the index of array items: `after.0`. */
  readonly path: string;
}

/** The references that a spec makes, by the paths of its kind. Absent ones are left out. */
export function listReferences(kind: KindDefinition, spec: unknown): readonly NamedReference[] {
  return kind.references.flatMap((reference) =>
    valuesAt(spec, reference.path.split('.'), []).flatMap(({ path, value }) => {
      const named = namedBy(reference, value);
      return named ? [{ path, ...named }] : [];
    }),
  );
}

export function namedResource(reference: ResourceReference): NamedResource {
  const { kind, name, scope, project = null, environment = null } = reference;
  return { kind, name, scope, project, environment };
}

/** `platform/small` is the one called small of the project platform. */
export function offeredName(name: string): { readonly project: string | null; readonly name: string } {
  const [project = '', rest] = name.split('/', 2);
  return rest === undefined ? { project: null, name } : { project, name: rest };
}

/** As people read it: `Database db`, with the project where it is another one. */
export function titleOf({ kind, name, project, environment }: NamedResource): string {
  const place = [project && `project ${project}`, environment && `environment ${environment}`].filter(Boolean);
  return `${kind} ${name}${place.length > 0 ? ` of ${place.join(', ')}` : ''}`;
}

function namedBy({ kind, scope }: KindReference, value: unknown): NamedResource | null {
  if (kind === '*') return isResourceReference(value) ? namedResource(value) : null;
  return typeof value === 'string' ? { kind, scope, environment: null, ...offeredName(value) } : null;
}

function isResourceReference(value: unknown): value is ResourceReference {
  return isJsonObject(value) && typeof value.kind === 'string' && typeof value.name === 'string';
}

function valuesAt(
  value: unknown,
  path: readonly string[],
  walked: readonly string[],
): { path: string; value: unknown }[] {
  const [step, ...rest] = path;
  if (step === undefined) return value === undefined ? [] : [{ path: walked.join('.'), value }];
  if (typeof value !== 'object' || value === null) return [];
  const key = step.replace(/\[\]$/, '');
  const next = (value as Record<string, unknown>)[key];
  if (key === step) return valuesAt(next, rest, [...walked, key]);
  return Array.isArray(next)
    ? next.flatMap((item, index) => valuesAt(item, rest, [...walked, key, String(index)]))
    : [];
}
