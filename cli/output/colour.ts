import type { Health } from '../../lib/health.js';

export type Colour = 'green' | 'yellow' | 'red' | 'blue' | 'grey' | 'bold';

/** The text in a colour, or as it is when `isOn` is false. */
export function paint(text: string, colour: Colour | null, isOn: boolean): string {
  return isOn && colour !== null && text !== '' ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text;
}

export function colourOfHealth(health: string): Colour | null {
  return isHealth(health) ? colours[health] : null;
}

/** One character that says the same without colours. */
export function symbolOfHealth(health: string): string {
  return isHealth(health) ? symbols[health] : '?';
}

/** Columns that a text takes, colours aside. */
export function widthOf(text: string): number {
  return [...text.replaceAll(colourCodes, '')].length;
}

/** At most `width` columns of a text without colours; `…` stands for what was cut. */
export function cut(text: string, width: number): string {
  const letters = [...text];
  if (letters.length <= width) return text;
  return width <= 0 ? '' : `${letters.slice(0, width - 1).join('')}…`;
}

/** The same for a text with colours. */
export function cutPainted(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let left = width - 1;
  let kept = '';
  for (const part of text.split(colourSplit)) {
    if (part.startsWith('\u001b')) {
      kept += part;
      continue;
    }
    const letters = [...part].slice(0, Math.max(0, left));
    left -= letters.length;
    kept += letters.join('');
  }
  return `${kept}…`;
}

function isHealth(health: string): health is Health {
  return Object.hasOwn(symbols, health);
}

const codes: Readonly<Record<Colour, string>> = {
  green: '32',
  yellow: '33',
  red: '31',
  blue: '34',
  grey: '90',
  bold: '1',
};
const symbols: Readonly<Record<Health, string>> = {
  Healthy: '✔',
  Suspended: '‖',
  Progressing: '◌',
  Unknown: '?',
  Missing: '○',
  Degraded: '✘',
};
const colours: Readonly<Record<Health, Colour>> = {
  Healthy: 'green',
  Suspended: 'blue',
  Progressing: 'yellow',
  Unknown: 'grey',
  Missing: 'red',
  Degraded: 'red',
};
// Put together: a control character in a regular expression is more often a mistake.
const escapeCode = '\u001b';
const colourCodes = new RegExp(`${escapeCode}\\[\\d+m`, 'g');
const colourSplit = new RegExp(`(${escapeCode}\\[\\d+m)`);
