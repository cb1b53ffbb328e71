import { isJsonObject, type Json, type JsonObject } from '../../lib/canonical.js';
import type { KindDefinition } from '../../lib/kind.js';
import type { Layer } from './fill-layers.js';

/** A resource that says something for others, by the name under which those know it. */
export interface LayerSource {
  readonly name: string;
  readonly spec: JsonObject;
}

/** All that may fill a resource. null: there is none. */
export interface LayerSources {
  readonly environment: LayerSource | null;
  readonly tier: LayerSource | null;
  /** `project`: its own, when that is another one; what it names is there then. */
  readonly definition: (LayerSource & { readonly project: string | null }) | null;
  /** The account for who names none, and which layer says so. */
  readonly account: (LayerSource & { readonly layer: string }) | null;
  /** The runtime for who names none. */
  readonly runtime: LayerSource | null;
  /** The account that the resource is in, as far as that is known. */
  readonly usedAccount: LayerSource | null;
}

/**
 * The layers of a resource, the strongest first: environment, tier, definition (as it is for the tier, then in general),
 * what the project has for everybody, the account that it is in, and what always holds.
 */
export function layersOf(kind: KindDefinition, sources: LayerSources): readonly Layer[] {
  const { environment, tier, definition, account, runtime, usedAccount } = sources;
  const layers: Layer[] = [];
  const add = (name: string, spec: JsonObject) => {
    if (Object.keys(spec).length > 0) layers.push({ name, spec });
  };
  if (environment) {
    add(`layer:environment/${environment.name}`, defaultsFor(kind, environment.spec));
    add(`layer:environment/${environment.name}`, placement(kind, environment));
  }
  if (tier) add(`layer:tier/${tier.name}`, defaultsFor(kind, tier.spec));
  if (definition) layers.push(...definitionLayers(kind, definition, tier?.name ?? null));
  if (account) add(account.layer, only(kind, { account: account.name }));
  if (runtime) add('layer:project', only(kind, { runtime: runtime.name }));
  if (usedAccount) add(`layer:account/${usedAccount.name}`, only(kind, { location: usedAccount.spec.location }));
  add('layer:default', kind.defaults ?? {});
  return layers;
}

/** The name of the definition that an environment or a tier has for a kind; null: it has none. */
export function definitionFor(
  kind: KindDefinition,
  { environment, tier }: Pick<LayerSources, 'environment' | 'tier'>,
): string | null {
  const candidates = [
    environment && find(environment.spec.definitions, kind)?.definition,
    environment && defaultsFor(kind, environment.spec).definition,
    tier && defaultsFor(kind, tier.spec).definition,
  ];
  return candidates.find((name) => typeof name === 'string') ?? null;
}

/** Whether layers fill a resource of this kind whose spec is so: what has definitions or defaults, or is deployed. */
export function isLayered(kind: KindDefinition, spec: JsonObject): boolean {
  const mayBe = kind.definedBy !== undefined || kind.defaults !== undefined || kind.scope === 'environment';
  if (!mayBe) return false;
  return kind.layeredWhere === undefined || spec[kind.layeredWhere.path] === kind.layeredWhere.value;
}

function definitionLayers(
  kind: KindDefinition,
  definition: LayerSource & { readonly project: string | null },
  tier: string | null,
): readonly Layer[] {
  const { name, spec, project } = definition;
  const tiers = Array.isArray(spec.tiers) ? spec.tiers : [];
  const ofTier = tiers.find((item: Json) => isJsonObject(item) && item.tier === tier) as JsonObject | undefined;
  return [ofTier?.defaults, spec.defaults].flatMap((defaults) =>
    isJsonObject(defaults) ? [{ name: `layer:definition/${name}`, spec: placedIn(kind, defaults, project) }] : [],
  );
}

/** What a definition of another project names is in that project. */
function placedIn(kind: KindDefinition, defaults: JsonObject, project: string | null): JsonObject {
  if (project === null) return defaults;
  const names = kind.references.filter(({ scope, kind: to }) => scope === 'project' && to !== '*');
  const entries = Object.entries(defaults).map(([key, value]): [string, Json] => {
    const isName = typeof value === 'string' && !value.includes('/') && names.some(({ path }) => path === key);
    return [key, isName ? `${project}/${value}` : value];
  });
  return Object.fromEntries(entries);
}

/** Where an environment puts what is deployed to it. */
function placement(kind: KindDefinition, { name, spec }: LayerSource): JsonObject {
  const { account, location, runtime, runtimeDefinition, definitions } = spec;
  return only(kind, {
    definition: find(definitions, kind)?.definition,
    account,
    location,
    runtime: runtime ?? (runtimeDefinition === undefined ? undefined : name),
  });
}

/** Those of the fields that the kind has and that are said. */
function only(kind: KindDefinition, fields: Readonly<Record<string, Json | undefined>>): JsonObject {
  const entries = Object.entries(fields).filter(
    (entry): entry is [string, Json] => entry[1] !== undefined && Object.hasOwn(kind.spec.properties, entry[0]),
  );
  return Object.fromEntries(entries);
}

function defaultsFor(kind: KindDefinition, { defaults }: JsonObject): JsonObject {
  const spec = find(defaults, kind)?.spec;
  return isJsonObject(spec) ? spec : {};
}

function find(list: Json | undefined, kind: KindDefinition): JsonObject | undefined {
  if (!Array.isArray(list)) return undefined;
  return list.find((item: Json) => isJsonObject(item) && item.kind === kind.name) as JsonObject | undefined;
}
