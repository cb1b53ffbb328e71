import { CommanderError } from 'commander';
import { errorText, PortolanError } from '../lib/errors.js';
import { ServerUnreachableError } from '../sdk/graph-error.js';
import { CliError, DetailedExit, NotSettledError } from './errors.js';
import { FileProblemsError } from './files/problem.js';

/** What a person sees of an error: what, where, why, what next. Never a stack. Empty: it was said already. */
export function describeError(error: unknown): readonly string[] {
  if (error instanceof CommanderError || error instanceof NotSettledError) return [];
  if (error instanceof DetailedExit) return error.cause === undefined ? [] : describeError(error.cause);
  const lines = [`error: ${sentenceOf(error)}`];
  if (error instanceof PortolanError) {
    const { path, blockers, next } = error.details;
    if (Array.isArray(path) && path.length > 0) lines.push(`  at: ${path.join('.')}`);
    if (Array.isArray(blockers)) lines.push(...blockers.map((blocker) => `  in the way: ${String(blocker)}`));
    if (typeof error.details.id === 'string' && error.code === 'INTERNAL') lines.push(`  id: ${error.details.id}`);
    const help = typeof next === 'string' ? next : nextOfCode(error);
    if (help !== null) lines.push(`  next: ${help}`);
  } else if (error instanceof CliError || error instanceof ServerUnreachableError) {
    if (error.next !== null) lines.push(`  next: ${error.next}`);
  }
  return lines;
}

function sentenceOf(error: unknown): string {
  if (error instanceof FileProblemsError) {
    const { problems, message } = error;
    return problems.length === 1
      ? message
      : `there are ${problems.length} problems\n${message.replaceAll(/^/gm, '  ')}`;
  }
  return errorText(error);
}

function nextOfCode(error: PortolanError): string | null {
  switch (error.code) {
    case 'UNAUTHENTICATED':
      return 'Set PORTOLAN_TOKEN to a valid token; that of a plane on this machine is operator.token in its data folder.';
    case 'FORBIDDEN':
      return 'Use the token of a principal that may do this.';
    case 'INTERNAL':
      return "The plane's log says more; `portolan status` shows where it is.";
    default:
      return null;
  }
}
