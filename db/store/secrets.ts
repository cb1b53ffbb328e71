import type { Json, JsonObject } from '../../lib/canonical.js';
import { BadInputError } from '../../lib/errors.js';
import { isSecretReference, type SecretReference } from '../../lib/kind.js';
import {
  type FoundSecret,
  findSecrets,
  listSecretReferences,
  mayHoldSecrets,
  replaceSecrets,
} from '../../model/secrets.js';
import { isSameMac } from '../cipher.js';
import { statement } from '../statement.js';
import type { Draft } from './draft.js';
import type { StatedEdit } from './edits.js';
import type { World } from './world.js';

/** Takes secret values out of specs. The same value at the same place again keeps its reference. */
export class SecretTaker {
  readonly #world: World;
  /** By resource and place, the newest version. */
  readonly #newest = new Map<string, { readonly id: string; readonly version: number; readonly hmac: Buffer }>();
  /** Every version that a resource has, as `resource id version`, with the hash of its value. */
  readonly #known = new Map<string, Buffer>();
  /** What layers gave to a resource, in the same words: secrets of definitions and environments, which it only names. */
  readonly #given = new Set<string>();

  private constructor(world: World) {
    this.#world = world;
  }

  /** Reads what is stored of those that have secrets, or are given some, in one statement. */
  static async open(world: World, stated: readonly Pick<StatedEdit, 'edit' | 'draft'>[]): Promise<SecretTaker> {
    const taker = new SecretTaker(world);
    const isAsked = ({ edit, draft }: (typeof stated)[number]) =>
      draft.before !== null && (mayHoldSecrets(draft.kind, draft.before.spec) || mayHoldSecrets(draft.kind, edit.spec));
    const ids = stated.filter(isAsked).map(({ draft }) => draft.id);
    const rows = ids.length === 0 ? [] : await world.transaction.query(listSecrets, [ids]);
    for (const { draft } of stated) if (draft.before) taker.trust(draft, draft.before.spec);
    for (const { resourceId, path, id, version, hmac } of rows) {
      taker.#newest.set(`${resourceId} ${path}`, { id, version, hmac });
      taker.#known.set(`${resourceId} ${id} ${version}`, hmac);
    }
    return taker;
  }

  /** From now on the draft may name the secrets that `spec` names: layers gave them to it. */
  trust(draft: Draft, spec: JsonObject): void {
    for (const { $secret } of listSecretReferences(spec))
      this.#given.add(`${draft.id} ${$secret.id} ${$secret.version}`);
  }

  /** The spec with references in the places of its secrets. Throws BadInputError naming every reference to a secret that it does not hold. */
  take(draft: Draft, spec: JsonObject): JsonObject {
    const found = findSecrets(draft.kind, spec, this.#world.context.registry);
    const result = replaceSecrets(spec, found, (secret) => this.#referenceFor(draft, secret));
    const isUnknown = ({ $secret }: SecretReference) => {
      const key = `${draft.id} ${$secret.id} ${$secret.version}`;
      return !this.#known.has(key) && !this.#given.has(key);
    };
    if (listSecretReferences(result).some(isUnknown)) {
      throw unknownSecrets(
        draft,
        found.filter(({ value }) => isSecretReference(value) && isUnknown(value)),
      );
    }
    return result;
  }

  /** What tells whether two values of a field are the same: of a secret the keyed hash of its value. */
  fingerprint(draft: Draft, value: Json): Json {
    if (!isSecretReference(value)) return value;
    const hmac = this.#known.get(`${draft.id} ${value.$secret.id} ${value.$secret.version}`);
    return hmac ? { $hash: hmac.toString('hex') } : value;
  }

  /** Forgets new values that the draft does not hold after all, for they gave way to those of others. */
  dropUnused(draft: Draft): void {
    const { newSecrets } = this.#world;
    const held = new Set(listSecretReferences(draft.spec).map(({ $secret }) => `${$secret.id} ${$secret.version}`));
    const kept = newSecrets.filter(
      ({ resourceId, id, version }) => resourceId !== draft.id || held.has(`${id} ${version}`),
    );
    newSecrets.splice(0, newSecrets.length, ...kept);
  }

  #referenceFor(draft: Draft, { place, value }: FoundSecret): SecretReference {
    if (isSecretReference(value)) return value;
    const { cipher, random } = this.#world.context;
    const hmac = cipher.mac('secret', `${draft.id}\0${value}`);
    const newest = this.#newest.get(`${draft.id} ${place}`);
    if (newest && isSameMac(newest.hmac, hmac)) return { $secret: { id: newest.id, version: newest.version } };
    const reference = { id: newest?.id ?? random.uuid(), version: (newest?.version ?? 0) + 1 };
    this.#world.newSecrets.push({ ...reference, resourceId: draft.id, place, plaintext: value, hmac });
    this.#newest.set(`${draft.id} ${place}`, { ...reference, hmac });
    this.#known.set(`${draft.id} ${reference.id} ${reference.version}`, hmac);
    return { $secret: reference };
  }
}

/** An export has references, which mean nothing to another plane: it asks for the values by the names of their places. */
function unknownSecrets({ kind, name }: Draft, missing: readonly FoundSecret[]): BadInputError {
  const places = missing.map(({ place }) => place);
  const which = places.length === 0 ? 'A $secret that it names' : places.join(', ');
  const are = places.length > 1 ? 'are secrets whose values are' : 'is a secret whose value is';
  return new BadInputError(
    `${kind.name} ${name}: ${which} ${are} not on this plane; a file from another plane has only references to them. Write the value in the place of $secret.`,
    { path: [...(missing[0]?.path ?? [])], secrets: places },
  );
}

const listSecrets = statement<{ resourceId: string; path: string; id: string; version: number; hmac: Buffer }>(
  'secrets.list',
  `select resource_id as "resourceId", path, id, version, hmac from secret_value where resource_id = any($1) order by id, version`,
);
