import test from 'ava';
import { createLogPrinter, type LogPrinterOptions } from '../../../cli/output/log-printer.js';

const second = (at: number) => `2026-11-22T10:00:0${at}.000Z`;
const line = (text: string, at: number, container = 'web') => ({
  component: 'shop',
  pod: 'web-1',
  container,
  at: second(at),
  text,
});

function createPrinted(options: Partial<LogPrinterOptions> = {}) {
  const printed: string[] = [];
  const terminal = { print: (text: string) => void printed.push(text), hasColour: false };
  const printer = createLogPrinter(terminal, { isJson: false, hasTimes: false, hasPrefix: false, ...options });
  return { printed, printer };
}

test('a line says of which pod and container it is, and when it was written, as asked for', (t) => {
  const { printed, printer } = createPrinted({ hasPrefix: true, hasTimes: true });
  printer.print([line('up', 1)]);
  t.deepEqual(printed, [`web-1/web  ${second(1)}  up`]);
});

test('lines that are equal and of one moment are all printed', (t) => {
  const { printed, printer } = createPrinted();
  printer.print([line('same', 1), line('same', 1)]);
  t.deepEqual(printed, ['same', 'same']);
});
