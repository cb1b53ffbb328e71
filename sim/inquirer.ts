import { cursorOf } from '../db/cursor.js';
import { sleep } from '../lib/clock.js';
import { createSdk, type Sdk } from '../sdk/client.js';
import type { GetWhyQuery } from '../sdk/generated/operations.js';
import type { SimulatedDatabase } from './database/simulated-database.js';
import { type Present, presentOf } from './present.js';
import type { SimProcess } from './process.js';
import type { SimGraphClient } from './sim-graph-client.js';

/** What somebody was told who asked why something is as it is, and how it was meanwhile. */
export interface WhyAnswer {
  readonly resourceId: string;
  readonly why: GetWhyQuery['why'];
  /** Of the tables, when the answer came; null: something was committed since it was asked, so nobody can say. */
  readonly present: Present | null;
}

/** What somebody was told of a moment that they had noted, and how it was then. */
export interface PastAnswer {
  readonly cursor: string;
  readonly resources: PastResources;
  readonly present: Present;
}

export interface InquirerRecord {
  readonly whys: readonly WhyAnswer[];
  readonly pasts: readonly PastAnswer[];
}

export interface PastResources {
  readonly totalCount: number;
  readonly nodes: readonly {
    readonly id: string;
    readonly version: number;
    readonly generation: number;
    readonly deletionRequestedAt: string | null;
    readonly document: object;
    readonly status: { readonly version: number; readonly health: string };
  }[];
}

const PAST = `query ResourcesThen($asOf: Moment!) {
  resources(first: 200, orderBy: NAME, asOf: $asOf) {
    totalCount
    nodes { id version generation deletionRequestedAt document status { version health } }
  }
}`;

/** Somebody who asks why things are as they are, and how all was at moments that they noted before. */
export function startInquirer(
  { process, client }: { readonly process: SimProcess; readonly client: SimGraphClient },
  database: SimulatedDatabase,
): InquirerRecord {
  const { clock, random, log } = process;
  const whys: WhyAnswer[] = [];
  const pasts: PastAnswer[] = [];
  const moments: { readonly cursor: string; readonly present: Present }[] = [];

  const note = () => {
    const cursor = momentOf(database);
    if (cursor !== null) moments.push({ cursor, present: presentOf(database) });
  };
  const askWhy = async (sdk: Sdk) => {
    const { commits } = database;
    const ill = [...presentOf(database)].flatMap(([id, { isCalm }]) => (isCalm ? [] : [id]));
    const resourceId = ill[random.below(ill.length)];
    if (resourceId === undefined) return;
    const { why } = await sdk.GetWhy({ resourceId });
    whys.push({ resourceId, why, present: database.commits === commits ? presentOf(database) : null });
  };
  const askPast = async () => {
    const moment = moments[random.below(moments.length)];
    if (!moment) return;
    const asked = { asOf: moment.cursor };
    const { resources } = await client.execute<{ readonly resources: PastResources }, object>(PAST, asked);
    pasts.push({ ...moment, resources });
  };
  const run = async () => {
    const sdk = createSdk(client);
    for (;;) {
      await sleep(clock, random.next() * PAUSE_MS);
      note();
      const ask = random.next() < 0.5 ? askPast() : askWhy(sdk);
      // Who gets no answer asks something else later: what they are told when they are is what matters.
      await ask.catch((error: unknown) => log.info('no answer', { error: String(error) }));
    }
  };
  void run();
  return { whys, pasts };
}

/** The newest place in the log; null: a commit that has its number already may still come before it. */
function momentOf(database: SimulatedDatabase): string | null {
  if (database.transactions().length > 0) return null;
  const [plane] = database.rows('plane');
  const seq = database.rows('revision').reduce((most, row) => (row.seq > most ? row.seq : most), 0n);
  return plane && seq > 0n ? cursorOf(plane.incarnation, seq) : null;
}

const PAUSE_MS = 20_000;
