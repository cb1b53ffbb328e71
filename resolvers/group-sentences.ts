/** What one part of a question says of what is missing, in a sentence. */
export interface PartSentence {
  readonly component: string;
  readonly sentence: string;
}

/**
 * The sentences of all parts, each once, with who says it: `web: It has no pods.` What all of several parts say, such as
 * that their cluster is down, is said of every component. Pure.
 */
export function groupSentences(said: readonly PartSentence[], parts: number): readonly string[] {
  const bySentence = new Map<string, Set<string>>();
  for (const { component, sentence } of said) {
    bySentence.set(sentence, (bySentence.get(sentence) ?? new Set()).add(component));
  }
  return [...bySentence].map(([sentence, components]) => `${speakers([...components], parts)}: ${sentence}`).sort();
}

function speakers(components: readonly string[], parts: number): string {
  if (components.length > 1 && components.length >= parts) return 'Every component';
  const shown = [...components].sort().slice(0, SHOWN_COMPONENTS).join(', ');
  return components.length > SHOWN_COMPONENTS ? `${shown} and ${components.length - SHOWN_COMPONENTS} more` : shown;
}

/** Keeps a sentence readable. */
const SHOWN_COMPONENTS = 5;
