import type { BenchCase } from '../case.js';
import { startFloor } from './floor.js';
import { furnish } from './furnish.js';
import { cheaperThan } from './goals.js';
import { startLoadGenerator } from './load-generator.js';
import type { LoadRequest } from './load-plan.js';
import { openBenchPlane } from './plane.js';
import { writeContender } from './write-contender.js';

export interface WriteCaseOptions extends Pick<BenchCase, 'name' | 'what'> {
  /** Name of a file in bench/floors/. */
  readonly floor: string;
  /** CPU of the floor over ours, at least. */
  readonly atLeast: number;
  readonly connections: number;
  /** Turns of each connection, before it is measured and in a measurement. */
  sizes(isSmoke: boolean): { readonly warmTurns: number; readonly turns: number };
  /** What a connection asks for in one turn; names begin with `prefix`. */
  requests(token: string, prefix: string): readonly LoadRequest[];
}

/** A case in which ours and a floor over the same database are asked to write the same. */
export function writeCase(options: WriteCaseOptions): BenchCase {
  const { name, what, connections } = options;
  return {
    name,
    what,
    goals: [cheaperThan('floor', options.atLeast)],
    async open(context) {
      const { isSmoke, signal } = context;
      await using opened = new AsyncDisposableStack();
      const plane = await openBenchPlane(context);
      opened.defer(() => plane.close());
      await furnish(plane);
      const load = startLoadGenerator(signal);
      opened.defer(() => load.close());
      const floor = await startFloor(options.floor, plane, signal);
      opened.defer(() => floor.close());
      const { server, postgresPid, database, tokens } = plane;
      const usual = { load, database, connections, ...options.sizes(isSmoke) };
      const contender = (role: 'ours' | 'floor', url: string, pid: number) =>
        writeContender({
          ...usual,
          name: role,
          role,
          url,
          prefix: `${role}-`,
          pids: [pid, postgresPid],
          requests: options.requests(tokens.operator, `${role}-`),
        });
      const contenders = [contender('ours', plane.url, server.pid), contender('floor', floor.url, floor.pid)];
      const closing = opened.move();
      return { contenders, close: () => closing.disposeAsync() };
    },
  };
}
