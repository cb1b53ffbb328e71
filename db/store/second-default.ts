import { ConflictError } from '../../lib/errors.js';
import { statement } from '../statement.js';
import type { World } from './world.js';

/** Refuses (ConflictError) a second default runtime of a project. A constraint holds it too, for two that commit at the same time. */
export async function refuseSecondDefault(world: World): Promise<void> {
  const defaults = world.drafts.filter(
    ({ kind, spec, isRemoved }) => kind.name === 'KubernetesRuntime' && spec.default === true && !isRemoved,
  );
  const claiming = defaults.filter((draft) => draft.hasNewSpec);
  if (claiming.length === 0) return;
  const projects = [...new Set(claiming.map(({ projectId }) => projectId))];
  const stored = await world.transaction.query(listDefaults, [projects]);
  for (const draft of claiming) {
    const others = [
      ...defaults.filter((other) => other.projectId === draft.projectId && other !== draft),
      ...stored.filter(({ id, projectId }) => projectId === draft.projectId && !world.get(id)),
    ];
    const [other] = others;
    if (other) world.refuse(secondDefault(other.name), [draft]);
  }
}

/** `other`: null when it is not known. */
export function secondDefault(other: string | null, options?: ErrorOptions): ConflictError {
  const which = other === null ? 'Another KubernetesRuntime' : `KubernetesRuntime ${other}`;
  return new ConflictError(
    `${which} of this project is the default already. Set default: false there first, or in the same changeset.`,
    { path: ['spec', 'default'] },
    options,
  );
}

const listDefaults = statement<{ id: string; name: string; projectId: string }>(
  'second-default.list',
  `select id, name, project_id as "projectId" from resource
   where kind = 'KubernetesRuntime' and (spec ->> 'default')::boolean and project_id = any($1) order by name`,
);
