import type { Database } from '../../db/database.js';
import { statement } from '../../db/statement.js';
import { hashJson } from '../../lib/node/hash.js';
import type { Contender, Sample } from '../case.js';
import { createCpuMeter } from './cpu-meter.js';
import type { LoadGenerator } from './load-generator.js';
import type { LoadRequest } from './load-plan.js';

export interface WriteContenderOptions {
  readonly name: string;
  readonly role: Contender['role'];
  readonly url: string;
  /** Each connection asks them in turn; `{{t}}` counts the turns over all measurements, from 1. Names begin with `prefix`. */
  readonly requests: readonly LoadRequest[];
  /** Of the names that this contender writes. */
  readonly prefix: string;
  readonly pids: readonly number[];
  readonly load: LoadGenerator;
  readonly database: Database;
  readonly connections: number;
  /** Turns of each connection. */
  readonly warmTurns: number;
  readonly turns: number;
}

/**
 * A server that is asked to write. What is compared is what a measurement added to the database: how many resources,
 * versions and rows of the log, so that nobody wins who leaves some out.
 */
export function writeContender(options: WriteContenderOptions): Contender {
  const { name, role, url, load, connections, requests } = options;
  const meter = createCpuMeter(() => options.pids);
  let firstTurn = 1;
  const write = async (turns: number) => {
    const count = turns * connections * requests.length;
    const result = await load.run({ url, connections, requests, count, firstTurn });
    firstTurn += turns;
    return result;
  };
  const stored = async () => {
    const [found] = await options.database.query(count, [`${options.prefix}%`]);
    return found ?? { resources: 0, versions: 0, revisions: 0 };
  };
  return {
    name,
    role,
    async warm() {
      const { errors, firstError } = await write(options.warmTurns);
      if (errors > 0) throw new Error(`it answers wrongly: ${firstError}`);
    },
    async measure(): Promise<Sample> {
      const before = await stored();
      const startCpuMs = meter.readMs();
      const result = await write(options.turns);
      const cpuMs = meter.readMs() - startCpuMs;
      if (result.firstError !== null) throw new Error(`it answers wrongly: ${result.firstError}`);
      const after = await stored();
      const added = {
        resources: after.resources - before.resources,
        versions: after.versions - before.versions,
        revisions: after.revisions - before.revisions,
      };
      return {
        operations: result.completed,
        wallMs: result.wallMs,
        cpuMs,
        loadCpuMs: result.cpuMs,
        errors: result.errors,
        answerHash: hashJson(added),
        figures: { p50Ms: result.p50Ms, p99Ms: result.p99Ms },
      };
    },
  };
}

const count = statement<{ readonly resources: number; readonly versions: number; readonly revisions: number }>(
  'bench.count-written',
  `select count(*)::int as resources, coalesce(sum(version), 0)::int as versions,
     (select count(*)::int from revision v where v.name like $1) as revisions
   from resource r where r.kind = 'Secret' and r.name like $1`,
);
