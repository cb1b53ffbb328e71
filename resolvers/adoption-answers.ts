import type { ReadModels } from '../db/read/read-models.js';
import type { ResourceColumn } from '../db/read/resource-row.js';
import { isJsonObject, type Json, type JsonObject } from '../lib/canonical.js';
import { LimitExceededError, NotFoundError, PortolanError } from '../lib/errors.js';
import type { AdoptionInput, LeftOutObject } from '../schema/adoption.js';
import type { ObjectStep } from '../schema/object-plan.js';
import { checkText } from './checks.js';
import type { GraphContext } from './context.js';
import { readObjectSteps, readUnavailable } from './probe-answers.js';
import { ProbeUnavailableError } from './probes.js';

/** What a runtime answered about a namespace. */
export interface AdoptionAnswer {
  readonly digest: string;
  readonly objects: readonly JsonObject[];
  readonly steps: readonly Omit<ObjectStep, 'instance'>[];
  readonly leftOut: readonly LeftOutObject[];
  readonly unavailable: readonly string[];
}

/**
 * Asks the controller of the runtime. `objects` gives the values of secrets, for the store alone. Throws NotFoundError for
 * a runtime or a namespace that is not there, and LimitExceededError for more than an app can hold.
 */
export async function askAboutAdoption(
  question: 'adoption' | 'objects',
  input: AdoptionInput,
  context: GraphContext,
): Promise<AdoptionAnswer> {
  const runtime = await findRuntime(input, context.reads);
  const asked = {
    resourceId: runtime.id,
    kind: 'KubernetesRuntime',
    leaseKey: runtime.leaseKey ?? null,
    question,
    input: {
      namespace: checkText(input.namespace, ['namespace']),
      selector: checkText(input.selector ?? '', ['selector']),
      except: [...(input.except ?? [])].map((name) => checkText(name, ['except'])),
    },
    signal: context.signal,
  };
  const chunks: Json[] = [];
  try {
    for await (const chunk of context.probes.ask(asked)) chunks.push(chunk);
  } catch (error) {
    if (!(error instanceof ProbeUnavailableError)) throw error;
    throw new PortolanError('CONFLICT', `${input.runtime} cannot be asked what runs there: ${error.message}`, {
      next: `portolan describe runtime ${input.runtime}`,
    });
  }
  return answerOf(chunks, input);
}

function answerOf(chunks: readonly Json[], { namespace, runtime, app }: AdoptionInput): AdoptionAnswer {
  const [head, ...parts] = chunks;
  if (!isJsonObject(head) || head.isThere !== true) {
    throw new NotFoundError(`There is no namespace ${namespace} on the runtime ${runtime}.`, { path: ['namespace'] });
  }
  const objects = parts.flatMap((part) => objectsAt(part, 'objects'));
  if (objects.length > MOST_OBJECTS) {
    throw new LimitExceededError(
      `${namespace} holds ${objects.length} objects, and an app may have ${MOST_OBJECTS}. Take a part of them by a selector.`,
      { path: ['selector'], limit: MOST_OBJECTS },
    );
  }
  return {
    digest: String(head.digest),
    objects,
    steps: parts.flatMap((part) => (isJsonObject(part) && part.steps ? readObjectSteps(part, app) : [])),
    leftOut: objectsAt(head, 'leftOut').map(({ object, why }) => ({ object: String(object), why: String(why) })),
    unavailable: readUnavailable(head),
  };
}

/** One component holds them, with its namespace. */
const MOST_OBJECTS = 1999;

function objectsAt(part: Json, field: string): readonly JsonObject[] {
  const found = isJsonObject(part) ? part[field] : undefined;
  return Array.isArray(found) ? found.filter(isJsonObject) : [];
}

async function findRuntime({ runtime, project }: AdoptionInput, reads: ReadModels) {
  const [name = '', of] = checkText(runtime, ['runtime']).split('/').reverse();
  const address = { kind: 'KubernetesRuntime', name, ...placeOf(of ?? project) };
  const row = await reads.findResource(address, columns);
  if (row) return row;
  throw new NotFoundError(`There is no KubernetesRuntime ${runtime}.`, {
    path: ['runtime'],
    next: 'portolan get kubernetesruntimes',
  });
}

const placeOf = (project: string | null | undefined) => (project ? { project: checkText(project, ['project']) } : {});
const columns: ReadonlySet<ResourceColumn> = new Set<ResourceColumn>(['leaseKey']);
