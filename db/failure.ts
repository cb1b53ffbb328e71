import { errorText, PortolanError } from '../lib/errors.js';
import { type DatabaseConnection, describeConnection } from './connection.js';

/** Thrown when the database cannot be reached or does not let us in. Trying again later may help. */
export class DatabaseUnavailableError extends PortolanError {
  constructor(connection: DatabaseConnection, why: string, next: string, options?: ErrorOptions) {
    super(
      'INTERNAL',
      `Cannot reach the database ${describeConnection(connection)}: ${why}. ${next}`,
      { next },
      options,
    );
  }
}

/** The error to throw for `error`: a DatabaseUnavailableError when the connection is what failed, else the error itself. */
export function databaseFailure(error: unknown, connection: DatabaseConnection): unknown {
  if (!isConnectionFailure(error)) return error;
  const known = advice[codeOf(error) ?? ''];
  const next = known?.next ?? 'Start the database, or correct DATABASE_URL, and try again.';
  return new DatabaseUnavailableError(connection, known?.why ?? errorText(flat(error)), next, { cause: error });
}

/** Whether the connection failed, as opposed to the statement. */
export function isConnectionFailure(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== null) return code in advice || code.startsWith('08') || code.startsWith('E');
  return (
    error instanceof Error &&
    /^(Connection terminated|timeout exceeded when trying to connect|Client has enc)/.test(error.message)
  );
}

/** SQLSTATE of Postgres, or the errno of the socket. */
export function codeOf(error: unknown): string | null {
  const one = flat(error);
  return one instanceof Error && 'code' in one && typeof one.code === 'string' ? one.code : null;
}

/** A host with several addresses fails once for each. */
function flat(error: unknown): unknown {
  return error instanceof AggregateError ? (error.errors[0] ?? error) : error;
}

const advice: Readonly<Record<string, { readonly why: string; readonly next: string }>> = {
  ECONNREFUSED: {
    why: 'nothing listens there',
    next: 'Start the database, or correct host and port in DATABASE_URL, and try again.',
  },
  ENOENT: {
    why: 'there is no such socket',
    next: 'Start the database, or correct the folder of the socket, and try again.',
  },
  ENOTFOUND: { why: 'no such host', next: 'Correct the host in DATABASE_URL and try again.' },
  '28P01': { why: 'the password was refused', next: 'Correct user and password in DATABASE_URL and try again.' },
  '28000': { why: 'the user was refused', next: 'Correct the user in DATABASE_URL, or add it to pg_hba.conf.' },
  '3D000': { why: 'the database does not exist', next: 'Create it (createdb), or correct its name in DATABASE_URL.' },
  '53300': { why: 'it has no connection left', next: 'Raise max_connections, or stop other clients.' },
  '57P01': { why: 'it was shut down', next: 'Start the database and try again.' },
  '57P02': { why: 'it crashed', next: 'It recovers by itself; try again.' },
  '57P03': { why: 'it is starting or stopping', next: 'Try again in a moment.' },
};
