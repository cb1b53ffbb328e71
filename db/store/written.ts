import type { WrittenResource } from '../../model/changeset.js';
import type { Draft } from './draft.js';

/** What a reader sees of these from the commit on, as far as it follows from them. */
export function writtenOf(drafts: readonly Draft[]): ReadonlyMap<string, WrittenResource> {
  const left = drafts.filter(({ result }) => result === 'created' || result === 'updated');
  return new Map(left.map((draft) => [draft.id, written(draft)]));
}

function written(draft: Draft): WrittenResource {
  const { id, name, projectId, environmentId, ownerId, generation, version, labels, spec, managers, leaseKey } = draft;
  const { name: kind, specVersion } = draft.kind;
  return {
    ...{ id, kind, name, projectId, environmentId, ownerId, generation, version },
    ...{ specVersion, labels, spec, managers, leaseKey },
  };
}
