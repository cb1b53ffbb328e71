import { BadInputError, NotFoundError } from '../../lib/errors.js';

/** Runs `work`; an error about an input gets its path lengthened by where that input stands. */
export function within<Result>(path: readonly (string | number)[], work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof BadInputError) {
      throw new BadInputError(error.message, lengthened(error.details, path), { cause: error.cause });
    }
    if (error instanceof NotFoundError) throw new NotFoundError(error.message, lengthened(error.details, path));
    throw error;
  }
}

function lengthened<Details extends BadInputError['details']>(details: Details, path: readonly (string | number)[]) {
  return { ...details, path: [...path, ...(details.path ?? [])] };
}
