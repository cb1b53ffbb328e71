import { isJsonObject, isSameJson, type Json } from '../lib/canonical.js';
import { isSecretReference } from '../lib/kind.js';
import type { FieldLeaf } from './fields/field-tree.js';
import { openLedger } from './fields/ledger.js';
import { isLayer } from './layer-name.js';
import { expressionAt, type SaidElsewhere } from './origin/expressions.js';
import type { OriginFacts, OriginLayer, OriginResource } from './origin/origin-facts.js';
import { SpecTrees } from './origin/spec-trees.js';
import { changesetAt } from './set-in.js';

/** Where a value is stated: a field of a resource, by whom and since which changeset. */
export interface Statement {
  readonly resource: Pick<OriginResource, 'id' | 'kind' | 'name'>;
  readonly path: string;
  /** null: it is not known. */
  readonly manager: string | null;
  readonly changesetId: string | null;
}

/** A value that would hold if what is stronger said nothing. */
export interface OverriddenValue {
  /** A layer, `layer:definition/small`, or another manager that stated it. */
  readonly manager: string;
  /** null for a secret. */
  readonly value: Json;
  readonly isSecret: boolean;
  readonly statedIn: Statement | null;
}

/** Where the value of a field comes from. */
export interface FieldOrigin {
  readonly path: string;
  /** null for a secret. */
  readonly value: Json;
  readonly isSecret: boolean;
  /** What said it, the winner: a layer, or who set the field itself. null: it is not known. */
  readonly manager: string | null;
  /** Where the layer has it from; null: who set the field set it here. */
  readonly statedIn: Statement | null;
  /** The one that put it here. */
  readonly changesetId: string | null;
  /** The strongest first. */
  readonly overrode: readonly OverriddenValue[];
  /** Managers that state the same value. */
  readonly alsoStatedBy: readonly string[];
}

/** The origins of some fields of a resource. Linear in what its layers say. */
export function originsOf(facts: OriginFacts, fields: readonly FieldLeaf[]): readonly FieldOrigin[] {
  const { resource, layers } = facts;
  const { fields: held, claims } = openLedger(resource);
  const trees = new SpecTrees();
  return fields.map((leaf): FieldOrigin => {
    const { path, value } = leaf;
    const owner = held.get(path)?.owner ?? null;
    const isFilled = owner !== null && isLayer(owner);
    const winner = isFilled ? winnerAt(facts, leaf, owner, trees) : null;
    const weaker = isFilled ? weakerLayers(layers, leaf, owner, winner?.manager ?? owner, trees) : layers;
    const lost = [...(claims.get(path) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      path,
      ...shown(value),
      manager: winner?.manager ?? owner,
      statedIn: winner?.statedIn ?? null,
      changesetId: changesetAt(resource.setIn, path),
      overrode: [
        ...lost.flatMap(([manager, claim]): OverriddenValue[] =>
          'value' in claim ? [{ manager, ...shown(claim.value), statedIn: null }] : [],
        ),
        ...weaker.flatMap((layer) => said(layer, leaf, trees)),
      ],
      alsoStatedBy: lost.flatMap(([manager, claim]) => ('same' in claim ? [manager] : [])),
    };
  });
}

interface Winner {
  readonly manager: string;
  readonly statedIn: Statement | null;
}

function winnerAt(facts: OriginFacts, leaf: FieldLeaf, owner: string, trees: SpecTrees): Winner {
  const elsewhere = expressionAt(facts, leaf, trees);
  if (elsewhere) return { manager: elsewhere.manager, statedIn: statementOf(elsewhere, trees) };
  const layer = facts.layers[indexOfWinner(facts.layers, owner, leaf, trees)];
  return { manager: owner, statedIn: layer ? statedIn(layer, leaf.path, trees) : null };
}

/** A value that a release takes from somewhere else is said there; the release has what it says otherwise. */
function weakerLayers(
  layers: readonly OriginLayer[],
  leaf: FieldLeaf,
  owner: string,
  winner: string,
  trees: SpecTrees,
): readonly OriginLayer[] {
  const index = indexOfWinner(layers, owner, leaf, trees);
  const isSame = (layer: OriginLayer) => isSameJson(trees.of(layer.spec).fields.get(leaf.path)?.value, leaf.value);
  const own = layers[index];
  const rest = layers.slice(index + 1);
  return winner !== owner && own && !isSame(own) ? [own, ...rest] : rest;
}

/** The layer that said it: of those of that name the first that says this value. */
function indexOfWinner(
  layers: readonly OriginLayer[],
  owner: string,
  { path, value }: FieldLeaf,
  trees: SpecTrees,
): number {
  const isIt = (layer: OriginLayer) => layer.name === owner && trees.of(layer.spec).fields.has(path);
  const exact = layers.findIndex(
    (layer) => isIt(layer) && isSameJson(trees.of(layer.spec).fields.get(path)?.value, value),
  );
  return exact >= 0 ? exact : layers.findIndex(isIt);
}

function said(layer: OriginLayer, { path }: FieldLeaf, trees: SpecTrees): readonly OverriddenValue[] {
  const found = trees.of(layer.spec).fields.get(path);
  return found ? [{ manager: layer.name, ...shown(found.value), statedIn: statedIn(layer, path, trees) }] : [];
}

function statedIn(layer: OriginLayer, path: string, trees: SpecTrees): Statement | null {
  const { from } = layer;
  if (!from) return null;
  const value = trees.of(layer.spec).fields.get(path)?.value;
  const places = layer.placesOf(path).filter((each) => trees.of(from.spec).nodes.has(each));
  // A definition may say it for a tier and in general.
  const place = places.find((each) => isSameJson(trees.of(from.spec).fields.get(each)?.value, value)) ?? places[0];
  return place === undefined ? null : statementOf({ resource: from, path: place }, trees);
}

function statementOf({ resource, path }: Pick<SaidElsewhere, 'resource' | 'path'>, trees: SpecTrees): Statement | null {
  if (!resource) return null;
  const { id, kind, name, setIn } = resource;
  const leaf = trees.leafAt(resource.spec, path);
  return {
    resource: { id, kind, name },
    path,
    manager: trees.managerAt(resource, leaf),
    changesetId: changesetAt(setIn, leaf),
  };
}

function shown(value: Json): { readonly value: Json; readonly isSecret: boolean } {
  const isSecret = isSecretReference(value) || (isJsonObject(value) && '$hash' in value);
  return { value: isSecret ? null : value, isSecret };
}
