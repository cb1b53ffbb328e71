import { CommanderError } from 'commander';
import { KubernetesError } from '../drivers/kubernetes/errors.js';
import { PortolanError } from '../lib/errors.js';
import { ServerUnreachableError } from '../sdk/graph-error.js';
import {
  DetailedExit,
  DifferencesError,
  InterruptedError,
  NotHealthyError,
  NotSettledError,
  RefusedPlanError,
  TimedOutError,
  UnreachableError,
} from './errors.js';

/** What the process exits with, so that a script can tell. Part of the CLI's contract. */
export const exitCodes = {
  ok: 0,
  /** It failed, what was waited for is Degraded, what was asked about is not settled, or differences were asked for by exit code and found. */
  failed: 1,
  /** The command line or a file is wrong. Nothing was done. */
  badInput: 2,
  notFound: 3,
  /** The world moved on, or something stands in the way. */
  conflict: 4,
  /** The plane or the cluster did not answer. */
  unreachable: 5,
  timedOut: 6,
  /** With `--detailed-exitcode`, as Terraform has it: something would change. */
  changesPlanned: 2,
  /** Ctrl-C, as shells count it: 128 + SIGINT. */
  interrupted: 130,
} as const;

/** Shown by `portolan --help`. */
export const exitCodesText = `Exit codes:
  0 done                            4 conflict, or something is in the way
  1 failed, or Degraded             5 the plane or the cluster does not answer
  2 wrong command line or file      6 timed out
  3 not found                     130 ended by Ctrl-C`;

export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.badInput;
  if (error instanceof DetailedExit) return error.exitCode;
  if (error instanceof RefusedPlanError) {
    return error.codes.some((code) => code === 'BAD_USER_INPUT') ? exitCodes.badInput : exitCodes.conflict;
  }
  if (error instanceof TimedOutError) return exitCodes.timedOut;
  if ([NotHealthyError, NotSettledError, DifferencesError].some((type) => error instanceof type))
    return exitCodes.failed;
  if (error instanceof InterruptedError) return exitCodes.interrupted;
  if (error instanceof UnreachableError || error instanceof ServerUnreachableError) return exitCodes.unreachable;
  if (error instanceof KubernetesError) return error.status === 0 ? exitCodes.unreachable : exitCodes.failed;
  return error instanceof PortolanError ? exitCodeOfCode(error.code) : exitCodes.failed;
}

function exitCodeOfCode(code: PortolanError['code']): number {
  switch (code) {
    case 'BAD_USER_INPUT':
    case 'LIMIT_EXCEEDED':
      return exitCodes.badInput;
    case 'NOT_FOUND':
      return exitCodes.notFound;
    case 'CONFLICT':
    case 'BLOCKED':
      return exitCodes.conflict;
    default:
      return exitCodes.failed;
  }
}
