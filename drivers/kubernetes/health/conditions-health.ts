import type { KubernetesObject } from '../driver.js';
import { number, type ObjectCondition, type ObjectHealth, record, toConditions } from '../object-fields.js';
import { degraded, healthy, isBehind, progressing } from './verdict.js';

/**
 * Kinds without a rule of their own, by the conditions that most controllers report; healthy when there are none.
 * https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md
 */
export function conditionsHealth(object: KubernetesObject): ObjectHealth {
  const conditions = toConditions(record(object.status).conditions);
  const isTrue = (type: string) => conditions.find((each) => each.type === type && each.status === 'True') ?? null;
  const bad = isTrue('Stalled') ?? isTrue('Failed') ?? isTrue('Degraded');
  if (bad && isCurrent(bad, object)) return degraded(say(bad));
  if (isBehind(object)) return progressing('Its controller has not taken up the last change yet.');
  const going = isTrue('Reconciling');
  if (going) return progressing(say(going) || 'Its controller is at work.');
  const claim = conditions.find(({ type }) => type === 'Ready') ?? conditions.find(({ type }) => type === 'Available');
  if (!claim) return healthy;
  if (!isCurrent(claim, object)) return progressing('Its controller has not taken up the last change yet.');
  return claim.status === 'True' ? healthy : progressing(say(claim) || 'It is not ready.');
}

const say = ({ message, reason }: ObjectCondition): string => message || reason;

/** Conditions that name no generation are taken at their word, unless the status as a whole is behind. */
function isCurrent({ observedGeneration }: ObjectCondition, object: KubernetesObject): boolean {
  if (observedGeneration === null) return !isBehind(object);
  return observedGeneration >= number(object.metadata.generation, 0);
}
