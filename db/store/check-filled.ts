import type { Json } from '../../lib/canonical.js';
import { BadInputError } from '../../lib/errors.js';
import { parametersOf } from '../../model/check-definition.js';
import { checkAllowedDefinitions, checkGuardrails, guardrailsOf } from '../../model/guardrails.js';
import { type FilledSpec, managerAt, valueAtPath } from '../../model/layers/fill-layers.js';
import { statement } from '../statement.js';
import type { Draft } from './draft.js';
import type { FoundSources } from './layer-sources.js';
import type { World } from './world.js';

export interface FilledItem extends FoundSources {
  readonly draft: Draft;
  readonly filled: FilledSpec;
  readonly neededBy?: Draft;
  /** null: no edit states it. */
  readonly pathOf: ((field: string) => readonly (string | number)[]) | null;
}

/** Refuses what guardrails do not allow, and what nothing says and has to be said. Throws BadInputError. */
export async function checkFilled(world: World, items: readonly FilledItem[]): Promise<void> {
  const violations = items.flatMap((item) => violationsOf(world, item));
  const following = violations.filter(({ item }) => item.pathOf === null);
  for (const found of violations.filter(({ item }) => item.pathOf !== null)) {
    refuse(world, await violationError(world, found), [found.item.draft]);
  }
  if (following.length > 0) {
    const drafts = [...new Set(following.map(({ item }) => item.draft))];
    refuse(world, await manyViolations(world, following), drafts);
  }
  const missing = items.flatMap((item) => {
    const fields = missingOf(item);
    return fields.length === 0 ? [] : [{ item, fields }];
  });
  const [first] = missing;
  if (first) throw await missingError(world, first.item, first.fields);
}

/** A plan tells it, and goes on without what is refused. */
function refuse(world: World, error: BadInputError, drafts: readonly Draft[]): void {
  world.refuse(error, drafts);
  for (const draft of drafts) draft.isRefused = true;
}

/** A longer list helps nobody; the count is told. */
const MOST_TOLD = 20;

interface Found {
  readonly item: FilledItem;
  readonly path: string;
  readonly rule: string;
  readonly allowed: Json;
  readonly sentence: string;
  /** Whose rule it is, and where it stands there. */
  readonly by: Draft;
  readonly at: string;
}

function violationsOf(world: World, item: FilledItem): readonly Found[] {
  const { draft, filled, definition, tier } = item;
  const { kind } = draft;
  const found: Found[] = [];
  const name = typeof filled.spec.definition === 'string' ? filled.spec.definition : null;
  const refused = tier && checkAllowedDefinitions(tier.spec, kind.name, name);
  if (tier && refused) found.push({ item, ...refused, rule: 'allowedDefinitions', by: tier });
  if (!definition) return found;
  const guarded = { ...filled, parameters: parametersOf(definition.kind), tier: tierOf(world, item) };
  for (const violation of checkGuardrails(guardrailsOf(definition.spec), guarded)) {
    found.push({ item, ...violation, by: definition, at: `guardrails.${violation.at}` });
  }
  return found;
}

/** What is in no environment itself is for the tier of what needs it; undefined: for whichever. */
function tierOf(world: World, { draft, neededBy }: FilledItem): string | null | undefined {
  const environmentId = draft.environmentId ?? neededBy?.environmentId ?? null;
  if (environmentId === null) return undefined;
  const tier = world.get(environmentId)?.spec.tier;
  return typeof tier === 'string' ? tier : null;
}

/** `DatabaseDefinition small of project platform, set by ops`. */
async function ownerOf(world: World, { by, at }: Found): Promise<string> {
  if (by.projectId !== null && world.get(by.projectId) === null) await world.loadIds([by.projectId], 'refer');
  const project = by.projectId === null ? '' : ` of project ${world.get(by.projectId)?.name}`;
  const manager = managerAt(by.managers, at);
  return `${by.kind.name} ${by.name}${project}${manager === null ? '' : `, set by ${manager}`}`;
}

async function violationError(world: World, found: Found): Promise<BadInputError> {
  const { item, path, rule, allowed, sentence } = found;
  const owner = await ownerOf(world, found);
  return new BadInputError(
    `${item.draft.kind.name} ${item.draft.name}: ${sentence}. The rule is \`${rule}\` of ${owner}.`,
    { path: item.pathOf?.(path) ?? [], rule, owner, allowed },
  );
}

/** What is there already would not be allowed any more. */
async function manyViolations(world: World, violations: readonly Found[]): Promise<BadInputError> {
  const told = await Promise.all(
    violations.slice(0, MOST_TOLD).map(async (found) => {
      const { item, path, rule, allowed, sentence } = found;
      const { kind, name, id, ownerId } = item.draft;
      const owner = ownerId === null ? null : world.get(ownerId);
      const title = `${kind.name} ${name}${owner ? ` of ${owner.kind.name} ${owner.name}` : ''}`;
      const by = await ownerOf(world, found);
      return { text: `${title}: ${sentence}`, resourceId: id, path, rule, owner: by, allowed };
    }),
  );
  const more = violations.length > told.length ? `; and ${violations.length - told.length} more` : '';
  const [first] = told;
  return new BadInputError(
    `What is there would not be allowed any more by ${first?.owner}: ${told.map(({ text }) => text).join('; ')}${more}. Change these first, or in the same changeset.`,
    { path: [], rule: first?.rule, owner: first?.owner, allowed: first?.allowed, violations: told },
  );
}

/** Where a definition is named that is not there, that is what is wrong: references are looked at later. */
function missingOf({ draft, filled, definition }: FilledItem): readonly string[] {
  if (definition === null && filled.spec.definition !== undefined) return [];
  return (draft.kind.requiredOnceFilled ?? []).filter((path) => valueAtPath(filled.spec, path) === undefined);
}

async function missingError(world: World, item: FilledItem, fields: readonly string[]): Promise<BadInputError> {
  const { draft, definition, pathOf } = item;
  const title = `${draft.kind.name} ${draft.name}`;
  const names = fields.map((field) => `\`${field}\``).join(', ');
  const state = `state ${fields.length === 1 ? 'it' : 'them'}`;
  const { definedBy } = draft.kind;
  const rest = definition
    ? `${state}, or let ${definition.kind.name} ${definition.name} say it`
    : definedBy === undefined
      ? state
      : `${state}, or name a definition; ${await knownDefinitions(world, draft, definedBy)}`;
  return new BadInputError(`Nothing says ${names} of ${title}: ${rest}.`, {
    path: pathOf?.(fields[0] ?? '') ?? [],
    missing: fields,
  });
}

async function knownDefinitions(world: World, { projectId }: Draft, kind: string): Promise<string> {
  const stored = projectId === null ? [] : await world.transaction.query(listDefinitions, [projectId, kind, MOST_TOLD]);
  const made = world.drafts.filter((draft) => draft.kind.name === kind && draft.projectId === projectId);
  const names = [...new Set([...stored, ...made].map(({ name }) => name))].sort();
  return names.length === 0 ? `there is no ${kind} here` : `definitions here: ${names.join(', ')}`;
}

const listDefinitions = statement<{ name: string }>(
  'layers.list-definitions',
  `select name from resource where project_id = $1 and kind = $2 and deletion_requested_at is null order by name limit $3`,
);
