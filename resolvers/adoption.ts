import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { JsonObject } from '../lib/canonical.js';
import { BadInputError, ConflictError } from '../lib/errors.js';
import type { Committed, Edit } from '../model/changeset.js';
import { AdoptInput, Adoption, AdoptionInput, AdoptPayload } from '../schema/adoption.js';
import { askAboutAdoption } from './adoption-answers.js';
import { checkText } from './checks.js';
import type { GraphContext } from './context.js';
import { changesetOf } from './edit.js';

/** Taking over what runs already: looked at first, then written as an app and an instance of it that carries what is there. */
@Resolver()
export class AdoptionResolver {
  @Query(() => Adoption, {
    description: 'What adopt would take over with the same input now, asked of the cluster. Nothing is written.',
  })
  async adoption(
    @Arg('input', () => AdoptionInput) input: AdoptionInput,
    @Ctx() context: GraphContext,
  ): Promise<Adoption> {
    const answer = await askAboutAdoption('adoption', input, context);
    return {
      ...answer,
      steps: answer.steps.map((step) => ({ ...step, instance: input.app })),
      isUnchanged: answer.steps.every(({ action }) => action === 'NONE'),
    };
  }

  @Mutation(() => AdoptPayload, {
    description:
      'Makes an App of what runs in a namespace, and an AppInstance that takes it over as it is. Secrets go into the store.',
  })
  async adopt(@Arg('input', () => AdoptInput) input: AdoptInput, @Ctx() context: GraphContext): Promise<Committed> {
    const { digest, objects } = await askAboutAdoption('objects', input, context);
    if (digest !== input.digest) {
      throw new ConflictError(
        `What runs in ${input.namespace} is not what was looked at: somebody changed it since. Look again, then decide again.`,
        { path: ['digest'], next: 'portolan adopt' },
      );
    }
    if (objects.length === 0) {
      throw new BadInputError(`There is nothing in ${input.namespace} that could be taken over.`, {
        path: ['namespace'],
      });
    }
    return context.store.commit(changesetOf(editsOf(input, objects), input, context), context.actor);
  }
}

function editsOf(input: AdoptInput, objects: readonly JsonObject[]): readonly Edit[] {
  const { namespace, runtime } = input;
  const name = checkText(input.app, ['app']);
  const place: JsonObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  const adopt = objects.map(({ kind, metadata }) => `${String(kind)}/${String((metadata as JsonObject).name)}`);
  const edit = (kind: string, environment: string | null, spec: JsonObject): Edit => ({
    op: 'create',
    kind,
    project: input.project ? checkText(input.project, ['project']) : null,
    environment,
    name,
    spec,
  });
  return [
    edit('App', null, { components: [{ name, type: 'manifests', objects: [place, ...objects] }] }),
    edit('AppInstance', checkText(input.environment, ['environment']), { app: name, runtime, policy: { adopt } }),
  ];
}
