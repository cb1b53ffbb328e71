import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import type { KindDefinition } from '../lib/kind.js';
import { fileSchema, plain } from '../schema/json.js';
import { Kind } from '../schema/kind.js';
import type { GraphContext } from './context.js';

@Resolver()
export class KindQueries {
  @Query(() => [Kind])
  kinds(@Ctx() { registry }: GraphContext): readonly Kind[] {
    return registry.kinds.map(kindView);
  }

  @Query(() => Kind, { nullable: true })
  kind(@Arg('name', () => String) name: string, @Ctx() { registry }: GraphContext): Kind | null {
    const kind = registry.find(name);
    return kind && kindView(kind);
  }
}

/** Definitions never change while a process runs. */
const views = new WeakMap<KindDefinition, Kind>();

function kindView(kind: KindDefinition): Kind {
  const known = views.get(kind) ?? describe(kind);
  views.set(kind, known);
  return known;
}

function describe(kind: KindDefinition): Kind {
  return {
    name: kind.name,
    plural: kind.plural,
    docs: kind.docs,
    scope: kind.scope,
    specVersion: kind.specVersion,
    specSchema: plain(kind.spec),
    observedSchema: plain(kind.observed),
    outputsSchema: plain(kind.outputs),
    fileSchema: fileSchema(kind),
    columns: kind.columns.map(({ header, path, wide }) => ({ header, path, isWide: wide ?? false })),
    references: kind.references.map(({ path, kind: target, scope }) => ({ path, kind: target, scope })),
    isControlled: kind.lease !== null,
    isMadeByUser: kind.madeBy === 'user',
  };
}
