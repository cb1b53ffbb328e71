import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Of the names and contents of files below `root`, and of `more`: what a build that is part of every build compares, to do
 * nothing when all that goes in is as it was.
 */
export function digestOf(root: string, paths: readonly string[], more = ''): string {
  const hash = createHash('sha256').update(more);
  for (const path of [...paths, 'package-lock.json', 'scripts/digest-of.ts'])
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  return hash.digest('hex');
}
