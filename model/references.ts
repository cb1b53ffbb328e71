import type { KindDefinition, KindScope } from '../lib/kind.js';

export interface NamedReference {
  /** Dotted, with the index of array items: `after.0`. */
  readonly path: string;
  readonly kind: string;
  readonly scope: KindScope;
  readonly name: string;
}

/** The references that a spec makes, by the paths of its kind. Absent ones are left out. */
export function listReferences(kind: KindDefinition, spec: unknown): readonly NamedReference[] {
  return kind.references.flatMap((reference) =>
    valuesAt(spec, reference.path.split('.'), []).map(({ path, name }) => ({
      path,
      kind: reference.kind,
      scope: reference.scope,
      name,
    })),
  );
}

function valuesAt(
  value: unknown,
  path: readonly string[],
  walked: readonly string[],
): { path: string; name: string }[] {
  const [step, ...rest] = path;
  if (step === undefined) return typeof value === 'string' ? [{ path: walked.join('.'), name: value }] : [];
  if (typeof value !== 'object' || value === null) return [];
  const key = step.replace(/\[\]$/, '');
  const next = (value as Record<string, unknown>)[key];
  if (key === step) return valuesAt(next, rest, [...walked, key]);
  return Array.isArray(next)
    ? next.flatMap((item, index) => valuesAt(item, rest, [...walked, key, String(index)]))
    : [];
}
