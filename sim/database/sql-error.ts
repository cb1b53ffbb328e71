/** An error as `pg` throws it: with a SQLSTATE, and the constraint that was violated. */
export function sqlError(code: string, message: string, constraint?: string): Error {
  return Object.assign(new Error(message), { code, ...(constraint === undefined ? {} : { constraint }) });
}
