import type { KubernetesObject } from '../driver.js';
import { list, number, type ObjectCondition, type ObjectHealth, record, text, toConditions } from '../object-fields.js';
import { degraded, healthy, progressing } from './verdict.js';

/** https://gateway-api.sigs.k8s.io/geps/gep-1364/: Accepted, Programmed, and of each listener ResolvedRefs and Conflicted. */
export function gatewayHealth(object: KubernetesObject): ObjectHealth {
  const { conditions, listeners } = record(object.status);
  const current = currentConditions(conditions, object);
  const accepted = current.get('Accepted');
  if (!accepted || accepted.status === 'Unknown') {
    return progressing(
      `No controller of the gateway class ${text(record(object.spec).gatewayClassName)} has taken it up yet.`,
    );
  }
  if (accepted.status === 'False') return degraded(`It is not accepted: ${say(accepted)}`);
  for (const listener of list(listeners).map(record)) {
    const problem = listenerProblem(text(listener.name), currentConditions(listener.conditions, object));
    if (problem) return problem;
  }
  const programmed = current.get('Programmed');
  if (programmed?.status === 'True') return healthy;
  if (programmed && !waitsFor.has(programmed.reason)) return degraded(`It cannot be set up: ${say(programmed)}`);
  return progressing(programmed ? `It is being set up: ${say(programmed)}` : 'It is being set up.');
}

/** Of routes of every protocol: each gateway that one names must accept it, and find what it points to. */
export function routeHealth(object: KubernetesObject): ObjectHealth {
  const parents = list(record(object.status).parents).map(record);
  const named = list(record(object.spec).parentRefs).map((reference) => parentName(record(reference)));
  for (const parent of parents) {
    const name = parentName(record(parent.parentRef));
    const conditions = currentConditions(parent.conditions, object);
    const accepted = conditions.get('Accepted');
    if (accepted?.status === 'False' && !waitsFor.has(accepted.reason)) {
      return degraded(`${name} does not accept it: ${say(accepted)}`);
    }
    const resolved = conditions.get('ResolvedRefs');
    if (resolved?.status === 'False') return degraded(`${name} does not find what it points to: ${say(resolved)}`);
  }
  const taken = new Set(
    parents
      .filter(({ conditions }) => currentConditions(conditions, object).get('Accepted')?.status === 'True')
      .map(({ parentRef }) => parentName(record(parentRef))),
  );
  const waiting = named.filter((name) => !taken.has(name));
  return waiting.length === 0 ? healthy : progressing(`${waiting.join(', ')} has not taken it up yet.`);
}

function listenerProblem(name: string, conditions: ReadonlyMap<string, ObjectCondition>): ObjectHealth | null {
  const conflicted = conditions.get('Conflicted');
  if (conflicted?.status === 'True') return degraded(`Its listener ${name} conflicts with another: ${say(conflicted)}`);
  const accepted = conditions.get('Accepted');
  if (accepted?.status === 'False' && !waitsFor.has(accepted.reason)) {
    return degraded(`Its listener ${name} is not accepted: ${say(accepted)}`);
  }
  const resolved = conditions.get('ResolvedRefs');
  return resolved?.status === 'False'
    ? degraded(`Its listener ${name} does not find what it points to: ${say(resolved)}`)
    : null;
}

/** Reasons of a False that time mends. */
const waitsFor: ReadonlySet<string> = new Set(['Pending', 'AddressNotAssigned']);

/** Those that were computed from the spec as it is now. */
function currentConditions(conditions: unknown, object: KubernetesObject): ReadonlyMap<string, ObjectCondition> {
  const generation = number(object.metadata.generation, 0);
  return new Map(
    toConditions(conditions)
      .filter(({ observedGeneration }) => observedGeneration === null || observedGeneration >= generation)
      .map((condition) => [condition.type, condition]),
  );
}

const say = ({ message, reason }: ObjectCondition): string => message || reason;

function parentName({ kind, name, sectionName }: Readonly<Record<string, unknown>>): string {
  const section = text(sectionName);
  return `${text(kind) || 'Gateway'} ${text(name)}${section ? ` (${section})` : ''}`;
}
