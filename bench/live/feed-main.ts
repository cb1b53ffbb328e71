import { bootstrap } from '../../db/bootstrap.js';
import { cursorOf } from '../../db/cursor.js';
import { openDatabase } from '../../db/database.js';
import { createFeed } from '../../db/feed.js';
import { systemClock } from '../../lib/clock.js';
import { silentLog } from '../../lib/log.js';
import { systemRandom } from '../../lib/random.js';
import { builtInKinds } from '../../schema/kinds/built-in.js';
import { answerPosts } from './answer-posts.js';

/* A process with nothing but the feed of a server: reads the log from a place on, as `changes` does, and counts. */

const { databaseUrl } = JSON.parse(process.argv[2] ?? '{}') as { readonly databaseUrl: string };
const database = await openDatabase({ connection: { url: databaseUrl }, log: silentLog });
const plane = await bootstrap(database, builtInKinds, systemRandom);
const feed = createFeed({ database, plane, clock: systemClock, random: systemRandom, log: silentLog });

answerPosts(async (body) => {
  const { after, upTo } = body as { readonly after: string; readonly upTo: string };
  const startMs = performance.now();
  let rows = 0;
  const last = cursorOf(plane.incarnation, BigInt(upTo));
  const commits = feed.changes(cursorOf(plane.incarnation, BigInt(after)));
  for await (const { cursor, revisions } of commits) {
    rows += revisions.length;
    if (cursor === last) break;
  }
  return { rows, wallMs: performance.now() - startMs };
});
