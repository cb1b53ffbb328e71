import { ConflictError } from '../../lib/errors.js';
import { statement } from '../statement.js';
import { MovedOnError } from './context.js';
import type { Draft } from './draft.js';
import type { World } from './world.js';

/** Refuses (ConflictError) a second default runtime or account of a project. A constraint holds it too, for two that commit at the same time. */
export async function refuseSecondDefault(world: World): Promise<void> {
  const defaults = world.drafts.filter(
    ({ kind, spec, isRemoved }) => kinds.includes(kind.name) && spec.default === true && !isRemoved,
  );
  const claiming = defaults.filter((draft) => draft.hasNewSpec);
  if (claiming.length === 0) return;
  const projects = [...new Set(claiming.map(({ projectId }) => projectId))];
  const stored = await world.transaction.query(listDefaults, [projects]);
  for (const draft of claiming) {
    const unseen = stored.filter(({ id, projectId, kind }) => isRival(draft, projectId, kind) && !world.get(id));
    if (unseen.some(({ name }) => name === draft.name)) {
      throw new MovedOnError(`Somebody else made the default ${draft.kind.name} ${draft.name} in the meantime`);
    }
    const others = [
      ...defaults.filter((other) => other !== draft && isRival(draft, other.projectId, other.kind.name)),
      ...unseen,
    ];
    const [other] = others;
    if (other) world.refuse(secondDefault(draft.kind.name, other.name), [draft]);
  }
}

const kinds: readonly string[] = ['KubernetesRuntime', 'CloudAccount'];

const isRival = (draft: Draft, projectId: string | null, kind: string) =>
  projectId === draft.projectId && kind === draft.kind.name;

/** `other`: null when it is not known. */
export function secondDefault(kind: string, other: string | null, options?: ErrorOptions): ConflictError {
  const which = other === null ? `Another ${kind}` : `${kind} ${other}`;
  return new ConflictError(
    `${which} of this project is the default already. Set default: false there first, or in the same changeset.`,
    { path: ['spec', 'default'] },
    options,
  );
}

const listDefaults = statement<{ id: string; kind: string; name: string; projectId: string }>(
  'second-default.list',
  `select id, kind, name, project_id as "projectId" from resource
   where kind in ('KubernetesRuntime', 'CloudAccount') and (spec ->> 'default')::boolean and project_id = any($1) order by name`,
);
