import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { isLayer, layerPrefix } from '../model/layer-name.js';
import { FieldOrigin, type OriginSource } from '../schema/origin.js';
import { checkId, checkText } from './checks.js';
import type { GraphContext } from './context.js';

@Resolver()
export class OriginResolver {
  @Query(() => [FieldOrigin], {
    description:
      'Where the values of fields come from: the layer or manager that won, what it overrode, by whom and when. Of an app instance the path may lead into what it owns: `db.storageGb`, `components[web].objects[Deployment/web].spec.replicas`.',
  })
  async origin(
    @Arg('resourceId', () => ID) resourceId: string,
    @Arg('path', () => String, {
      nullable: true,
      description: 'Of a field, or of all below it; the end of a path will do. Left out: all fields.',
    })
    path: string | null,
    @Ctx() context: GraphContext,
  ): Promise<readonly FieldOrigin[]> {
    const id = checkId(resourceId, ['resourceId']);
    context.readSet?.ids([id]);
    const asked = { resourceId: id, path: checkText(path ?? '', ['path']) };
    const { fields, read } = await context.store.origin(asked, context.actor);
    context.readSet?.ids(read);
    context.readSet?.predicate({ ownerIds: [id, ...read], ops: ['created'] });
    return fields.map(({ manager, overrode, ...field }) => ({
      ...field,
      source: manager === null ? null : sourceOf(manager),
      overrode: overrode.map(({ manager: other, ...value }) => ({ ...value, source: sourceOf(other) })),
    }));
  }
}

/** `layer:release/3` is the release 3. */
function sourceOf(manager: string): OriginSource {
  if (!isLayer(manager)) return { kind: 'manager', name: manager };
  const [, kind = '', name = null] = /^([^/]*)(?:\/(.*))?$/.exec(manager.slice(layerPrefix.length)) ?? [];
  return { kind, name };
}
