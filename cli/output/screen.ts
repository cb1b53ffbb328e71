import { cutPainted } from './colour.js';
import type { Terminal } from './terminal.js';

/**
 * A block of lines at the end of the output that is drawn again in its place. While it is open the cursor is
 * hidden; close() shows it again and leaves the last drawing where it is.
 */
export interface Screen {
  draw(lines: readonly string[]): void;
  close(): void;
}

/** Only for interactive terminals: what it writes are control codes. */
export function createScreen(terminal: Terminal): Screen {
  let height = 0;
  let isOpen = false;
  return {
    draw(lines) {
      const shown = lines.map((line) => (terminal.width === null ? line : cutPainted(line, terminal.width - 1)));
      const up = height > 0 ? `\u001b[${height}A` : '';
      const hide = isOpen ? '' : '\u001b[?25l';
      isOpen = true;
      height = shown.length;
      // Each line is cleared as it is written, and what is left of a longer drawing after the last: nothing flickers.
      terminal.write(`${hide}${up}\r${shown.map((line) => `${line}\u001b[K\n`).join('')}\u001b[J`);
    },
    close() {
      if (isOpen) terminal.write('\u001b[?25h');
      isOpen = false;
      height = 0;
    },
  };
}
