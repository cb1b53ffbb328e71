import type { StatedResource } from '../files/read-changes.js';

/** The edit that states a document. `place` is for what the document leaves out. */
export function statedEdit(
  { kind, name, project, environment, labels, spec }: StatedResource,
  place: { readonly project?: string; readonly env?: string },
) {
  const inEnvironment = environment ?? (kind.scope === 'environment' ? (place.env ?? null) : null);
  return {
    op: 'APPLY' as const,
    kind: kind.name,
    name,
    project: kind.scope === 'plane' ? null : (project ?? place.project ?? null),
    environment: inEnvironment,
    spec,
    ...(labels === null ? {} : { labels }),
  };
}
