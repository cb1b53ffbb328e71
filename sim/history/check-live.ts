import type { LiveDelivery } from './delivery.js';

export interface LiveTruth {
  /** What the query answers now that all has arrived. */
  readonly final: string;
  /** All answers that there ever were, oldest first, when they are known: then no other may come, and none may go back. */
  readonly states?: readonly string[];
}

/**
 * What is wrong with what a live read delivered, as sentences: each connection begins with an answer, an answer is not
 * told twice in a row, none is older than the one before it, and the last one is what the query answers.
 */
export function checkLive(deliveries: readonly LiveDelivery[], { final, states }: LiveTruth): readonly string[] {
  const findings: string[] = [];
  let previous: string | null = null;
  let place = 0;
  let last: string | null = null;
  for (const delivery of deliveries) {
    if (delivery.type === 'subscribed') {
      previous = null;
      continue;
    }
    const { text } = delivery;
    if (text === previous) findings.push(`An answer came twice in a row: ${shown(text)}`);
    if (states) {
      const found = states.indexOf(text, place);
      if (found >= 0) place = found;
      else if (states.includes(text)) findings.push(`An answer came after a newer one: ${shown(text)}`);
      else findings.push(`An answer came that was never true: ${shown(text)}`);
    }
    previous = text;
    last = text;
  }
  if (deliveries.length > 0 && last === null) findings.push('No answer came at all.');
  else if (last !== null && previous === null) findings.push('The last connection brought no answer.');
  else if (last !== null && last !== final)
    findings.push(`The last answer is ${shown(last)}, and the query answers ${shown(final)}.`);
  return findings;
}

const shown = (text: string) => (text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}...` : text);

const MOST_SHOWN = 300;
