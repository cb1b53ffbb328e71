import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkLog } from '../sim/history/check-log.js';
import { checkState } from '../sim/history/check-state.js';
import { startFollower } from './follower.js';
import { startLiveReader } from './live-reader.js';
import type { CrashOptions } from './options.js';
import type { OutsideCluster } from './outside/outside-cluster.js';
import type { OutsideDatabase } from './outside/outside-database.js';
import { startSystem } from './system.js';
import { runTrial, type Trial } from './trial.js';
import { createUser } from './user.js';
import { environment, type Wishes } from './wish.js';

export interface TrialsResult {
  readonly passed: number;
  readonly failed: number;
  readonly convergedAfterMs: readonly number[];
}

/** Runs trials one after the other on one system, each from where the one before left off. `folder`: for logs and data. */
export async function runTrials(
  options: CrashOptions,
  { folder, cluster, print }: { readonly folder: string; readonly cluster: OutsideCluster; print(line: string): void },
): Promise<TrialsResult> {
  await using opened = new AsyncDisposableStack();
  const system = await startSystem(folder, cluster);
  opened.defer(() => system.close());
  const client = system.connect();
  opened.defer(() => client.close());
  const user = createUser(client);
  const cursor = await user.apply('set-up', [
    { op: 'CREATE', kind: 'KubernetesRuntime', name: 'main', spec: cluster.runtimeSpec },
    { op: 'CREATE', kind: 'CloudAccount', name: 'cloud', spec: { provider: 'sandbox', default: true } },
    { op: 'CREATE', kind: 'Tier', name: 'test', spec: { order: 1 } },
    {
      op: 'CREATE',
      kind: 'Environment',
      name: environment,
      spec: { tier: 'test', runtime: 'main', account: 'cloud', location: 'europe-frankfurt' },
    },
  ]);
  const follower = startFollower(client, cursor);
  opened.defer(() => follower.close());
  const live = startLiveReader(client);
  opened.defer(() => live.close());

  let wishes: Wishes = new Map();
  const result = { passed: 0, failed: 0, convergedAfterMs: [] as number[] };
  for (let number = 1; number <= options.trials; number += 1) {
    const seed = options.seed + number;
    const { withinMs } = options;
    const trial = await runTrial({ number, seed, system, cluster, user, follower, live, wishes, withinMs });
    wishes = trial.wishes;
    const isGood = trial.findings.length === 0 && trial.convergedAfterMs !== null;
    if (trial.convergedAfterMs !== null) result.convergedAfterMs.push(trial.convergedAfterMs);
    print(lineOf(number, trial));
    if (isGood) {
      result.passed += 1;
      continue;
    }
    result.failed += 1;
    await writeFile(
      join(folder, `trial-${number}.json`),
      JSON.stringify({ ...trial, wishes: [...wishes.values()] }, null, 2),
    );
    for (const finding of trial.findings.slice(0, MOST_PRINTED)) print(`       ${finding}`);
    print(
      `       Again: npm run crash -- --${options.world} --seed ${options.seed} --trials ${number}   Logs: ${folder}`,
    );
    if (!options.goesOn) break;
  }
  const findings = await checkWhole(system.database);
  if (findings.length > 0) result.failed += 1;
  for (const finding of findings.slice(0, MOST_PRINTED)) print(`       Of the whole log: ${finding}`);
  return result;
}

/** The log from its beginning, against itself and against what the tables hold. */
async function checkWhole(database: OutsideDatabase): Promise<readonly string[]> {
  const { resources } = await database.progress();
  const newest = await database.newest();
  const log = (await database.log(0n)).filter(({ seq }) => seq <= newest);
  return [...checkLog(log, { isWhole: true }), ...checkState(log, resources)];
}

const MOST_PRINTED = 20;

function lineOf(number: number, { changes, kills, convergedAfterMs, findings }: Trial): string {
  const killed = kills.map(({ parts, afterMs, failpoints }, index) => {
    const next = Object.values(failpoints);
    const then = next.length > 0 ? `, then ${next.join(' and ')}` : '';
    return `${parts.join('+')} ${index === 0 ? 'at' : 'again after'} ${afterMs} ms${then}`;
  });
  const end = convergedAfterMs === null ? 'DID NOT CONVERGE' : `converged after ${convergedAfterMs} ms`;
  const found = findings.length === 0 ? '' : `   ${findings.length} FINDINGS`;
  return `${String(number).padStart(5)}  ${changes.join(', ')}   killed ${killed.join(', ')}   ${end}${found}`;
}
