import { GraphError } from '../../sdk/graph-error.js';
import type { StatedResource } from './read-changes.js';

/** What a plane refuses of edits that were read from files, with the place in the file that it is about, where it names one. */
export function placedError(error: unknown, stated: readonly StatedResource[]): unknown {
  if (!(error instanceof GraphError) || !Array.isArray(error.details.path)) return error;
  const [edits, index, ...path] = error.details.path;
  const resource = edits === 'edits' && typeof index === 'number' ? stated[index] : undefined;
  if (!resource) return error;
  const { file, line, column } = resource.locate(path);
  const { path: _path, ...details } = error.details;
  return new GraphError(error.code, `${file}:${line}:${column}: ${error.message}`, details, error.path, {
    cause: error,
  });
}
