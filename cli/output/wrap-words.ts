import { widthOf } from './colour.js';

/** At least one line. A word that is wider than a line is cut into several. */
export function wrapWords(text: string, width: number): readonly string[] {
  const lines: string[] = [''];
  const pieces = text.split(' ').flatMap((word) => word.match(new RegExp(`.{1,${Math.max(1, width)}}`, 'gu')) ?? []);
  for (const piece of pieces) {
    const line = lines.at(-1) ?? '';
    if (line === '') lines[lines.length - 1] = piece;
    else if (widthOf(line) + 1 + widthOf(piece) <= width) lines[lines.length - 1] = `${line} ${piece}`;
    else lines.push(piece);
  }
  return lines;
}
