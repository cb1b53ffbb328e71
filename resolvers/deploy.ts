import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Info, Mutation, Resolver } from 'type-graphql';
import { assert } from '../lib/assert.js';
import { ConflictError } from '../lib/errors.js';
import type { Edit } from '../model/changeset.js';
import { DeployInput, DeployPayload } from '../schema/deploy.js';
import type { InputPath } from './checks.js';
import type { GraphContext } from './context.js';
import { changesetOf, editOf } from './edit.js';
import { withPaths } from './repath.js';
import { resourceColumnsOf } from './resource-columns.js';
import { resourceView } from './resource-view.js';
import { selectionOf } from './selection.js';

@Resolver()
export class DeployResolver {
  @Mutation(() => DeployPayload, {
    description: 'Brings an app to an environment, at its newest release unless stated.',
  })
  async deploy(
    @Arg('input', () => DeployInput) input: DeployInput,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    const edits = deployEdits(input, context);
    const committed = await withPaths(
      (path) => inputPath(path, edits.length),
      Promise.resolve(context.store.commit(changesetOf(edits, input, context), context.actor)),
    );
    const applied = committed.edits.at(-1);
    assert(applied, 'A deployment answered without the app instance');
    const columns = new Set([...resourceColumnsOf(selectionOf(info).at('instance')), 'spec' as const]);
    const [row] = await context.reads.resourcesByIds([applied.resourceId], columns);
    if (!row) throw new ConflictError(`${applied.name} was deployed, and deleted by somebody since.`);
    return {
      changesetId: committed.changesetId,
      cursor: committed.cursor,
      instance: resourceView(row, context),
      release: row.spec?.release,
      result: applied.result,
      kept: committed.edits.flatMap((edit) => edit.kept),
    };
  }
}

function deployEdits(input: DeployInput, { registry }: GraphContext): readonly Edit[] {
  const { project, environment, app, release, runtime, appSpec } = input;
  const spec = {
    app,
    ...(release === undefined || release === null ? {} : { release }),
    ...(runtime ? { runtime } : {}),
  };
  const name = input.name || app;
  const deployed = editOf(
    { op: 'deploy', kind: 'AppInstance', project: project ?? null, environment, name, spec },
    registry,
    [],
  );
  if (appSpec === undefined || appSpec === null) return [deployed];
  return [
    editOf({ op: 'apply', kind: 'App', project: project ?? null, name: app, spec: appSpec }, registry, []),
    deployed,
  ];
}

/** Where the field of an edit came from in the input of deploy. */
function inputPath(path: InputPath, edits: number): InputPath {
  if (path[0] !== 'edits') return path;
  const [, index, field, ...rest] = path;
  if (edits === 2 && index === 0) {
    if (field === 'spec') return ['appSpec', ...rest];
    return field === 'name' ? ['app'] : [field ?? 'appSpec', ...rest];
  }
  return field === 'spec' ? rest : field === undefined ? [] : [field, ...rest];
}
