import { assert } from '../lib/assert.js';
import type { JsonObject } from '../lib/canonical.js';
import { PortolanError } from '../lib/errors.js';
import type { KindRegistry, SpecOf } from '../lib/kind.js';
import { createAppInstanceExpander } from '../model/expand/app-instance.js';
import type { Expander } from '../model/expand/expander.js';
import { objectTitle } from '../model/manifests.js';
import { createSpecValidator, type SpecValidator } from '../model/validate.js';
import type { workloadKind } from '../schema/kinds/workload.js';
import type { ObjectStep } from '../schema/object-plan.js';
import type { AskedResource, AskedWorkload } from './asked-workloads.js';
import type { GraphContext } from './context.js';

type FutureSpec = SpecOf<typeof workloadKind>;
type StepOfInstance = Omit<ObjectStep, 'instance'>;

/**
 * What the workloads of an app instance would be, by component, if its app were so: the same rules as those of an edit,
 * run without one. Throws BadInputError with the path of the field, from `app`.
 */
export function futureWorkloads(
  instance: AskedResource,
  app: unknown,
  registry: KindRegistry,
): ReadonlyMap<string, FutureSpec> {
  const kind = registry.find('App');
  assert(kind, 'The registry has no App');
  const { id, name, spec } = instance;
  return withAppPaths(() => {
    const checked = validatorOf(registry).validate(kind, app);
    const release = { number: typeof spec.release === 'number' ? spec.release : 1, spec: checked };
    const resource = { id, kind: 'AppInstance', name, spec, owner: null };
    // Variables of the environment and outputs are for the controller to put in, or not known here.
    const { owned } = expanderOf(registry)({ resource, release, project: '', environment: null, definition: null });
    const workloads = owned.filter((child) => child.kind === 'Workload');
    return new Map(workloads.map((child) => [child.name, child.spec as JsonObject & FutureSpec]));
  });
}

/** Of a component that does not exist yet, and so has no controller that could be asked. */
export function newSteps(component: string, { objects }: FutureSpec): readonly StepOfInstance[] {
  return objects.map((object) => ({
    component,
    object: objectTitle(object as unknown as JsonObject),
    action: 'CREATE',
    why: `The component ${component} is new.`,
    differences: [],
    uncheckable: `The component ${component} does not exist yet, so the cluster cannot be asked about its objects.`,
  }));
}

/** Of components that would be no more. What was there before is left, as their controller would. */
export async function removalSteps(
  workloads: readonly AskedWorkload[],
  { reads }: GraphContext,
): Promise<readonly StepOfInstance[]> {
  const names = new Map(workloads.map(({ id, component }) => [id, component]));
  const steps: StepOfInstance[] = [];
  for (const id of names.keys()) {
    let after: string | null = null;
    do {
      const page = (await reads.objects([id], { first: PAGE, after })).get(id);
      const component = names.get(id) ?? '';
      for (const { kind, namespace, name, origin } of page?.rows ?? []) {
        const isOurs = origin === 'created';
        steps.push({
          component,
          object: [kind, namespace, name].filter(Boolean).join('/'),
          action: isOurs ? 'DELETE' : 'NONE',
          why: isOurs ? `The component ${component} goes.` : 'It was there before Portolan, so it stays.',
          differences: [],
          uncheckable: null,
        });
      }
      const last = page?.rows.at(-1);
      after = page?.hasNextPage && last ? page.cursorOf(last) : null;
    } while (after !== null);
  }
  return steps;
}

const PAGE = 500;

/** Schemas are compiled once. */
const validators = new WeakMap<KindRegistry, SpecValidator>();

function validatorOf(registry: KindRegistry): SpecValidator {
  const known = validators.get(registry) ?? createSpecValidator(registry);
  validators.set(registry, known);
  return known;
}

const expanders = new WeakMap<KindRegistry, Expander>();

function expanderOf(registry: KindRegistry): Expander {
  const known = expanders.get(registry) ?? createAppInstanceExpander(registry);
  expanders.set(registry, known);
  return known;
}

function withAppPaths<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof PortolanError)) throw error;
    const { path = [] } = error.details;
    const below = path[0] === 'spec' ? path.slice(1) : path;
    throw new PortolanError(error.code, error.message, { ...error.details, path: ['app', ...below] }, { cause: error });
  }
}
