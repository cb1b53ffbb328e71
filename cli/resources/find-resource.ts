import { BadInputError, NotFoundError } from '../../lib/errors.js';
import { nearestFew } from '../../lib/nearest.js';
import type { ResourceRowFragment } from '../../sdk/generated/operations.js';
import type { KindView } from '../kinds/kind-view.js';
import { listOf } from '../kinds/match-kind.js';
import type { Session } from '../session.js';
import { listResources, type ResourceFilter } from './list-resources.js';

/** Where a name is looked for; what is left out is not asked about. */
export interface Place {
  readonly project?: string | undefined;
  readonly environment?: string | undefined;
  /** Looked for as it was at that moment. */
  readonly asOf?: string | undefined;
}

/**
 * The one resource of a kind with that name, or with that id. Throws NotFoundError naming what is near, BadInputError
 * when there are several.
 */
export async function findResource(
  session: Session,
  kind: KindView,
  name: string,
  place: Place,
): Promise<ResourceRowFragment> {
  const found = await lookFor(session, kind, name, place);
  const [only, another] = found;
  if (only && !another) return only;
  if (another) {
    throw new BadInputError(
      `There are ${found.length} ${kind.plural} called "${name}": ${found.map(placeText).join('; ')}.`,
      {
        next: found.some((row) => row.owner)
          ? 'Say which: OWNER/NAME, or the id.'
          : 'Say which with --env or --project, or give the id.',
      },
    );
  }
  throw await notFound(session, kind, name, place);
}

/** All resources of a kind with that name in that place. What is owned may be called `owner/name`. */
export async function lookFor(
  session: Session,
  kind: KindView,
  name: string,
  place: Place,
): Promise<readonly ResourceRowFragment[]> {
  const plane = await session.plane();
  if (isId(name)) {
    const { node } = await plane.sdk.GetResourceById(
      { id: name, asOf: place.asOf ?? null },
      { signal: session.signal },
    );
    return node && 'kind' in node && node.kind === kind.name ? [node] : [];
  }
  const [owner, own] = name.includes('/') ? name.split('/', 2) : [undefined, name];
  const filter = { ...filterFor(kind, place), names: [own ?? name] };
  const found = await listResources(plane, filter, session.signal, place.asOf);
  return owner === undefined ? found : found.filter((row) => row.owner?.name === owner);
}

/** The filter of a kind in a place. A kind that lives in no environment is not asked for one. */
export function filterFor(kind: KindView, place: Place): ResourceFilter {
  const hasEnvironment = kind.scope === 'environment' || kind.scope === 'owner';
  return {
    kinds: [kind.name],
    ...(place.project !== undefined && kind.scope !== 'plane' ? { project: place.project } : {}),
    ...(place.environment !== undefined && hasEnvironment ? { environment: place.environment } : {}),
  };
}

/** Says that it is not there, and what is. */
export async function notFound(session: Session, kind: KindView, name: string, place: Place): Promise<NotFoundError> {
  const all = await listResources(await session.plane(), filterFor(kind, place), session.signal, place.asOf);
  const names = [...new Set(all.map((row) => row.name))].sort();
  const near = nearestFew(name, names);
  const where =
    place.environment !== undefined && filterFor(kind, place).environment
      ? ` in the environment ${place.environment}`
      : '';
  const help =
    near.length > 0
      ? ` Did you mean ${listOf(near)}?`
      : names.length > 0
        ? ` There ${are(names)}.`
        : ` There are no ${kind.plural} yet.`;
  return new NotFoundError(`There is no ${kind.name} "${name}"${where}.${help}`, {
    next: nextStep(kind, name, names.length === 0),
  });
}

/** A list of nothing helps nobody: then it is said how the first one is made. */
function nextStep(kind: KindView, name: string, isNone: boolean): string {
  if (kind.name === 'Environment') return `portolan env create ${name}`;
  if (isNone && kind.name === 'AppInstance') return 'portolan deploy -f FILE --env ENVIRONMENT';
  if (isNone && kind.name === 'KubernetesRuntime') return `portolan runtime add ${name} --kubeconfig PATH`;
  return `portolan get ${kind.plural.toLowerCase()}`;
}

function are(names: readonly string[]): string {
  const shown = names.slice(0, 5);
  const rest = names.length - shown.length;
  return `${names.length === 1 ? 'is' : 'are'} ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function placeText(row: ResourceRowFragment): string {
  const parts = [row.project?.name, row.environment?.name].filter(Boolean).join('/');
  const owner = row.owner ? `of ${row.owner.kind} ${row.owner.name} ` : '';
  return `${owner}${parts === '' ? row.kind : `in ${parts}`} (${row.id})`;
}

export function isId(name: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name);
}
