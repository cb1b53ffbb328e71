import { Client } from 'pg';
import { config, listen } from './listen.ts';

/*
 * The floor of feed.lossless: reads the log by a cursor, page by page, and looks at row by row. It does not know of
 * commits that are on their way, so it loses those that become visible late.
 */

const { databaseUrl } = config<{ databaseUrl: string }>();
const client = new Client({ connectionString: databaseUrl });
await client.connect();

listen({
  async '/read'({ after, upTo }: { after: string; upTo: string }) {
    const startMs = performance.now();
    let rows = 0;
    for (let at = after; BigInt(at) < BigInt(upTo); ) {
      const page = await client.query({ name: 'tail', text: PAGE, values: [at, upTo], types: asText });
      for (const { seq } of page.rows) {
        at = seq;
        rows += 1;
      }
      if (page.rows.length === 0) break;
    }
    return { rows, wallMs: performance.now() - startMs };
  },
});

/** Values as they come: parsing them is no part of a floor. */
const asText = { getTypeParser: () => (text: string) => text };

const PAGE = 'select * from revision where seq > $1 and seq <= $2 order by seq, ordinal limit 1000';
