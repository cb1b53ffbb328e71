import type { KindDefinition, KindScope } from '../../lib/kind.js';
import type { Edit } from '../../model/changeset.js';
import { placeOfEnvironment, placeOfProject } from './places.js';
import { type Place, textOfPlace } from './rows.js';
import { tierPlace } from './tier-place.js';
import type { World } from './world.js';

/**
 * Locks in one round trip what is otherwise locked one after the other: projects, environments in them with their tiers, and
 * what is edited in those. It takes projects and environments to be where they were when they were last seen, and to be of
 * the tier that they had. Where that is not so, or is not known, nothing is known from here, and whoever asks next does it
 * step by step.
 */
export async function loadExpected(
  world: World,
  scope: KindScope,
  edits: readonly { readonly edit: Edit; readonly kind: KindDefinition | null }[],
): Promise<void> {
  // A plan notes what it read; a wrong guess would be a part of it.
  if (scope === 'plane' || world.mode === 'plan') return;
  const known = world.context.places;
  const [projects, environments, tiers, edited, removed] = [places(), places(), places(), places(), places()];
  /** By the place of an environment, that of its tier. */
  const expectedTiers = new Map<string, string>();
  const expected = new Map<string, string>();
  /** The id at a place, which is to be locked; null: not known. */
  const expectAt = (place: Place, into: Map<string, Place>): string | null => {
    const id = world.find(place)?.id ?? known.idAt(place);
    if (id === null) return null;
    into.set(textOfPlace(place), place);
    expected.set(textOfPlace(place), id);
    return id;
  };
  /** What is put into an environment is filled by its tier. */
  const expectTierOf = (environment: Place) => {
    const tier = world.find(environment) ? null : known.tierOf(environment);
    if (tier === null) return;
    tiers.set(textOfPlace(tier), tier);
    expectedTiers.set(textOfPlace(environment), textOfPlace(tier));
  };
  for (const { edit } of edits) {
    const projectId = expectAt(placeOfProject(edit.project ?? 'default'), projects);
    if (projectId === null) return;
    const environment = scope === 'project' ? null : placeOfEnvironment(projectId, edit.environment ?? '');
    const scopeId = environment ? expectAt(environment, environments) : projectId;
    if (scopeId === null) return;
    // What was planned is read as it was for the plan, and nothing more.
    if (environment && edit.op !== 'delete' && !world.changeset.plan) expectTierOf(environment);
    const place = { kind: edit.kind, scopeId, name: edit.name };
    (edit.op === 'delete' ? removed : edited).set(textOfPlace(place), place);
  }
  await world.loadTogether(
    [
      { places: [...projects.values()], mode: 'refer' },
      { places: [...environments.values()], mode: 'read' },
      { places: [...tiers.values()], mode: 'read' },
      { places: [...removed.values()], mode: 'remove' },
      { places: [...edited.values()], mode: 'edit' },
    ],
    (rows) => {
      const isThere = ([place, id]: readonly [string, string]) =>
        (rows.get(place)?.id ?? world.placed(place)?.id) === id;
      const isOfTier = ([environment, tier]: readonly [string, string]) => {
        const row = rows.get(environment);
        const found = row ? tierPlace(row) : null;
        return found !== null && textOfPlace(found) === tier;
      };
      return [...expected].every(isThere) && [...expectedTiers].every(isOfTier);
    },
  );
}

const places = () => new Map<string, Place>();
