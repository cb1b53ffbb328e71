import type { Static, TObject, TSchema } from 'typebox';
import type { JsonObject } from './canonical.js';

/**
 * A kind is plain data. Everything that knows kinds (GraphQL types, validation, JSON Schema for files, columns,
 * docs) derives from it, so adding a kind is one KindDefinition in schema/kinds/ and one folder in controllers/.
 */
export interface KindDefinition<
  Spec extends TObject = TObject,
  Observed extends TObject = TObject,
  Outputs extends TObject = TObject,
> {
  /** PascalCase, singular: `AppInstance`. Also the name of its GraphQL type. */
  readonly name: string;
  /** PascalCase, plural: `AppInstances`. The graph's list is its camelCase. */
  readonly plural: string;
  /** One plain sentence, shown by `explain` and in the schema. */
  readonly docs: string;
  /** Where a name must be unique: the whole plane, the project, the environment, or the owner. */
  readonly scope: KindScope;
  /** Raised whenever the shape of spec changes. Stored with every resource. */
  readonly specVersion: number;
  /** From each older spec version, a pure function to the next one: `{ 1: (spec) => ... }` leads from 1 to 2. */
  readonly upgraders: Readonly<Record<number, (spec: unknown) => unknown>>;
  /** Desired state, as JSON Schema with static types. Every object in it refuses unknown keys. */
  readonly spec: Spec;
  /** What its controller saw, beside the common status. An empty object where nothing controls it. */
  readonly observed: Observed;
  /** Typed values that it gives to others once it is settled. */
  readonly outputs: Outputs;
  /** Typed edges to other resources, kept as foreign keys. */
  readonly references: readonly KindReference[];
  /** Spec paths that cannot change after creation, dotted: `runtime`. */
  readonly immutable: readonly string[];
  /** Who may act on it outside. `null`: nothing reconciles it; it is settled as soon as it is stored. */
  readonly lease: KindLease | null;
  /** Whether people write it (`user`), or only `expand` does (`expand`). */
  readonly madeBy: 'user' | 'expand';
  /** Columns that `get` prints after NAME, in order. */
  readonly columns: readonly KindColumn[];
  /** One valid spec of every released spec version. They are tests: each must read through the upgraders. */
  readonly fixtures: Readonly<Record<number, unknown>>;
  /** The kind of its definitions, named at `definition` in its spec: `DatabaseDefinition`. Left out: it has none. */
  readonly definedBy?: string;
  /** Layers fill only those of the kind whose spec says this. Left out: all. */
  readonly layeredWhere?: { readonly path: string; readonly value: string };
  /** The weakest layer: what holds where nobody says anything. */
  readonly defaults?: JsonObject;
  /** Spec paths that may be left out by whoever states it, and that some layer must give: `engine`. */
  readonly requiredOnceFilled?: readonly string[];
  /** A spec path, dotted: while true stands there, a deletion is refused. */
  readonly protectedBy?: string;
  /** Who writes it: `platform` for what sets rules for others. Left out: developers may. */
  readonly audience?: 'platform' | 'developer';
}

export type KindScope = 'plane' | 'project' | 'environment' | 'owner';

/** `self`: one lease per resource. `shard`: one of 32. `reference`: the lease of what the reference at `path` points to. */
export type KindLease =
  | { readonly per: 'self' }
  | { readonly per: 'shard' }
  | { readonly per: 'reference'; readonly path: string };

export interface KindReference {
  /** Dotted path in the spec that holds a name: `runtime`; `after[]` for each item of an array. */
  readonly path: string;
  /** The kind it points to; `*` where the spec holds a ResourceReference, which says kind, name and scope itself. */
  readonly kind: string;
  /** The scope in which the name is looked up. */
  readonly scope: KindScope;
}

/** Names another resource of any kind, in a spec. */
export interface ResourceReference {
  readonly kind: string;
  readonly name: string;
  /** `owner`: owned by the same resource. `ownersOwner`: beside the owner, owned by the same as that. `environment`, `project`: those of the referrer, unless others are named. */
  readonly scope: 'owner' | 'ownersOwner' | 'environment' | 'project';
  readonly project?: string;
  readonly environment?: string;
}

export interface KindColumn {
  readonly header: string;
  /** Dotted path from the resource's root as `-o json` prints it: `spec.runtime`, `observed.nodes`. */
  readonly path: string;
  /** Shown only by `-o wide`. */
  readonly wide?: boolean;
}

/** The static type of a schema of a definition: `SpecOf<typeof appKind>`. */
export type SpecOf<Kind extends { readonly spec: TSchema }> = Static<Kind['spec']>;
export type ObservedOf<Kind extends { readonly observed: TSchema }> = Static<Kind['observed']>;
export type OutputsOf<Kind extends { readonly outputs: TSchema }> = Static<Kind['outputs']>;

/** Keeps the static types of the schemas while checking the shape. */
export function defineKind<Spec extends TObject, Observed extends TObject, Outputs extends TObject>(
  kind: KindDefinition<Spec, Observed, Outputs>,
): KindDefinition<Spec, Observed, Outputs> {
  return kind;
}

/** All kinds that a plane knows. */
export interface KindRegistry {
  /** In the order in which they were registered. */
  readonly kinds: readonly KindDefinition[];
  /** The kind of that name, or null. */
  find(name: string): KindDefinition | null;
}

/** Throws when two kinds share a name or a plural, or a reference points to a kind that is not there. */
export function createKindRegistry(kinds: readonly KindDefinition[]): KindRegistry {
  const byName = new Map<string, KindDefinition>();
  for (const kind of kinds) {
    for (const name of [kind.name, kind.plural]) {
      if (byName.has(name)) throw new Error(`Two kinds are called ${name}. Rename one of them.`);
    }
    byName.set(kind.name, kind);
    byName.set(kind.plural, kind);
  }
  for (const kind of kinds) {
    if (kind.definedBy !== undefined && !byName.has(kind.definedBy)) {
      throw new Error(`${kind.name} is defined by ${kind.definedBy}, which is not registered.`);
    }
    for (const reference of kind.references) {
      if (reference.kind !== '*' && !byName.has(reference.kind)) {
        throw new Error(
          `${kind.name} refers to the kind ${reference.kind} at ${reference.path}, which is not registered.`,
        );
      }
    }
  }
  return { kinds, find: (name) => (byName.get(name)?.name === name ? (byName.get(name) ?? null) : null) };
}

/**
 * Marks in a schema, as the JSON Schema keyword `x-portolan`:
 * `secret`: the string is taken out on entry and replaced by a SecretReference;
 * `manifests`: an array of Kubernetes objects, whose Secret data is taken out likewise;
 * `healthRules`: rules of health by kind, whose expressions are compiled on entry;
 * `replaceKinds`: kinds of objects that may be deleted and made again, which are checked on entry;
 * `kindSpec`: a part of the spec of another kind, which `kind` beside it names; its secrets are taken out likewise;
 * `files` is read by the CLI alone, see cli/files.
 */
export const mark = {
  secret: { 'x-portolan': 'secret' },
  manifests: { 'x-portolan': 'manifests' },
  kindSpec: { 'x-portolan': 'kindSpec' },
  healthRules: { 'x-portolan': 'healthRules' },
  replaceKinds: { 'x-portolan': 'replaceKinds' },
} as const;

/** For an object that refuses unknown keys: why these are refused, and what to do instead, in the place of "is not known". */
export function refused(keys: readonly string[], sentence: string): Readonly<Record<string, unknown>> {
  return { [refusedKeyword]: Object.fromEntries(keys.map((key) => [key, sentence])) };
}

/** The sentence for a key that the object schema `node` refuses with words of its own; null when it has none. */
export function refusalOf(node: unknown, key: string): string | null {
  const sentences: unknown = typeof node === 'object' && node !== null ? Reflect.get(node, refusedKeyword) : null;
  const sentence: unknown = typeof sentences === 'object' && sentences !== null ? Reflect.get(sentences, key) : null;
  return typeof sentence === 'string' ? sentence : null;
}

const refusedKeyword = 'x-portolan-refused';

/** Stands in a stored spec in the place of a secret value. `version` grows when the value changes. */
export interface SecretReference {
  readonly $secret: { readonly id: string; readonly version: number };
}

export function isSecretReference(value: unknown): value is SecretReference {
  return typeof value === 'object' && value !== null && '$secret' in value && Object.keys(value).length === 1;
}
