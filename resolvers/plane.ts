import type { Plane } from '../schema/plane.js';
import type { GraphContext } from './context.js';

/** What this installation is, and where its log of changes ends now. */
export async function planeView({ reads, feed, about, readSet }: GraphContext): Promise<Plane> {
  // Every commit moves the cursor.
  readSet?.predicate({});
  const [incarnation, cursor] = await Promise.all([reads.incarnation(), feed.head()]);
  return { incarnation, cursor, version: about.version, schemaVersion: about.schemaVersion };
}
