import { errorText } from '../lib/errors.js';
import { runAva } from './test/run-ava.js';
import { listTestSources, readTestSources, selectTests } from './test/selection.js';
import { services } from './test/services.js';
import { formatCounts, type TestCounts } from './test/test-counts.js';
import type { RunningService, TestService } from './test/test-service.js';
import { readToolsConfig } from './tools/config.js';
import { ensureTools } from './tools/ensure-tools.js';
import { findMissingTools } from './tools/find-tool.js';
import { createProgress } from './tools/progress.js';
import { reportTools } from './tools/report-tools.js';

/*
 * npm test: gets the tools, starts what the tests share, runs ava, and ends with one line that says how it went.
 * Arguments are test files, and options of ava: npm test -- test/real/control-plane.test.ts --match '*logs*'
 */

const config = readToolsConfig();
const running: RunningService[] = [];
const report: string[] = [];
// ava gets it too, ends its report and exits; then we end ours. A second one ends us at once.
process.once('SIGINT', () => undefined);

const counts = await run().catch((error): TestCounts => {
  process.stdout.write(`${errorText(error)}\n`);
  return { passed: 0, failed: 1, skipped: 0 };
});
await Promise.allSettled(running.map((service) => service.close()));
process.stdout.write(`\n${[...report, formatCounts(counts)].join('\n')}\n`);
process.exitCode = counts.failed > 0 ? 1 : 0;

async function run(): Promise<TestCounts> {
  const selection = selectTests(process.argv.slice(2), listTestSources());
  const sources = readTestSources(selection);
  const used = services.filter((service) => sources.some((source) => service.isUsedBy(source)));
  for (const service of services) {
    if (!used.includes(service)) report.push(`${service.name}: not used by these tests`);
  }
  await getTools(used);

  const env: Record<string, string> = {};
  for (const service of used) Object.assign(env, await startService(service));
  const result = await runAva(selection.avaArgs, env);
  // Also when the tests that would have said so were not among those that ran.
  const isIncomplete = used.some(({ tools }) => tools && config.required.has(tools) && isMissing(tools));
  return isIncomplete && result.failed === 0 ? { ...result, failed: 1 } : result;
}

async function getTools(used: readonly TestService[]): Promise<void> {
  const groups = used.flatMap(({ tools }) => tools ?? []);
  if (groups.length === 0) return;
  const progress = createProgress(process.stdout);
  reportTools(await ensureTools(groups, config, progress), progress);
  progress.close();
}

async function startService(service: TestService): Promise<Readonly<Record<string, string>>> {
  const [missing] = service.tools === null ? [] : findMissingTools(service.tools, config);
  if (missing) {
    report.push(`${service.name}: did not run, ${missing.reason}`);
    return {};
  }
  const started = await service.start().catch((error) => {
    throw new Error(`${service.name} did not start`, { cause: error });
  });
  running.push(started);
  report.push(`${service.name}: ran on ${started.version}`);
  return started.env;
}

function isMissing(tools: NonNullable<TestService['tools']>): boolean {
  return findMissingTools(tools, config).length > 0;
}
