import type { ObjectHealth } from '../object-fields.js';
import { degraded } from './verdict.js';

/**
 * What to say when a controller of the cluster cannot make `what` ("pods", "jobs"), from the sentence of a condition or of
 * an event. The name of the one that could not be made is left out: it is another one at each try, and the status must
 * not change with it.
 */
export function creationFailure(sentence: string, what = 'pods'): ObjectHealth {
  const quota = quotaSentence(sentence, what);
  if (quota) return degraded(quota, 'QuotaExceeded');
  const [, webhook, why = ''] = /failed calling webhook "([^"]+)":? ?(.*)/s.exec(sentence) ?? [];
  if (webhook !== undefined) {
    return degraded(`Its ${what} cannot be made: webhook ${webhook} cannot be asked: ${why.trim()}`, 'WebhookFailed');
  }
  const [, refusing, because = ''] = /admission webhook "([^"]+)" denied the request:? ?(.*)/s.exec(sentence) ?? [];
  if (refusing !== undefined) {
    return degraded(`Its ${what} cannot be made: webhook ${refusing} refuses them: ${because.trim()}`, 'WebhookFailed');
  }
  return degraded(`Its ${what} cannot be made: ${withoutName(sentence)}`);
}

function quotaSentence(sentence: string, what: string): string | null {
  const used = /exceeded quota: ([^,\s]+), requested: (.*?), used: (.*?), limited: (.*)/s.exec(sentence);
  if (used) {
    const [, name, requested, already, limit] = used;
    return `Quota ${name} is used up, so its ${what} cannot be made: ${already} of ${limit?.trim()} are used, ${requested} more are asked for.`;
  }
  const unfit = /failed quota: ([^:\s]+): (.*)/s.exec(sentence);
  return unfit ? `Quota ${unfit[1]} forbids its ${what}: ${unfit[2]?.trim()}` : null;
}

function withoutName(sentence: string): string {
  return sentence
    .replace(/^(Error creating( job)?|create Pod \S+ in StatefulSet \S+ failed error): /, '')
    .replace(/^(\S+) "[^"]*" is forbidden: /, '')
    .trim();
}
