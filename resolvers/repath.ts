import { PortolanError } from '../lib/errors.js';
import type { InputPath } from './checks.js';

/**
 * Runs a commit whose edits were made from an input of another form, and tells paths in that input's terms. `rename`
 * gets the path within the changeset, such as `['edits', 0, 'spec', 'app']`.
 */
export async function withPaths<Result>(
  rename: (path: InputPath) => InputPath,
  work: Promise<Result>,
): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof PortolanError) || !error.details.path) throw error;
    throw new PortolanError(
      error.code,
      error.message,
      { ...error.details, path: rename(error.details.path) },
      { cause: error },
    );
  }
}

/** For inputs that are one edit themselves. */
export function ofOnlyEdit(path: InputPath): InputPath {
  return path[0] === 'edits' ? path.slice(2) : path;
}
