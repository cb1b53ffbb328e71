import { hashJson } from '../../lib/node/hash.js';
import type { BenchCase, Contender } from '../case.js';
import type { Child } from '../harness/child.js';
import { createCpuMeter } from '../harness/cpu-meter.js';
import { fillApps, instanceIds } from '../harness/fill.js';
import { startFloor } from '../harness/floor.js';
import { cheaperThan } from '../harness/goals.js';
import { openBenchPlane } from '../harness/plane.js';
import { pointDocument } from './q-point.js';

export const coldBoot: BenchCase = {
  name: 'boot.cold',
  what: 'From exec to the first correct answer of a query, over a Postgres that runs and is migrated.',
  goals: [cheaperThan('floor', 0.5)],
  async open(context) {
    await using opened = new AsyncDisposableStack();
    const plane = await openBenchPlane(context);
    opened.defer(() => plane.close());
    await fillApps(plane.database, { apps: 10, instances: 1 });
    const [id = ''] = await instanceIds(plane.database, 1);
    const boots = context.isSmoke ? 1 : 12;
    const boot = (name: 'ours' | 'floor', start: () => Promise<Child & { readonly url: string }>): Contender => ({
      name,
      role: name,
      // What was read once lies in the cache of the file system, for both.
      warm: async () => void (await bootOnce(start, plane.tokens.operator, id)),
      async measure() {
        let [cpuMs, wallMs] = [0, 0];
        const answers: unknown[] = [];
        for (let count = 0; count < boots; count += 1) {
          const booted = await bootOnce(start, plane.tokens.operator, id);
          cpuMs += booted.cpuMs;
          wallMs += booted.wallMs;
          answers.push(booted.answer);
        }
        return { operations: boots, wallMs, cpuMs, errors: 0, answerHash: hashJson(answers) };
      },
    });
    const contenders = [
      boot('ours', () => plane.startServer()),
      boot('floor', () => startFloor('point', plane, context.signal)),
    ];
    const closing = opened.move();
    return { contenders, close: () => closing.disposeAsync() };
  },
};

async function bootOnce(start: () => Promise<Child & { readonly url: string }>, token: string, id: string) {
  const startMs = performance.now();
  const child = await start();
  try {
    const response = await fetch(`${child.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: pointDocument, variables: { id } }),
    });
    const answer: unknown = await response.json();
    const wallMs = performance.now() - startMs;
    // The process began with the exec, so its whole time is that of the boot.
    return { answer, wallMs, cpuMs: createCpuMeter(() => [child.pid]).readMs() };
  } finally {
    await child.close();
  }
}
