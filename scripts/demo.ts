import { systemClock } from '../lib/clock.js';
import { errorText } from '../lib/errors.js';
import { createCommands, DemoError } from './demo/commands.js';
import { demoUsage, parseDemoOptions } from './demo/config.js';
import { runDemo } from './demo/run-demo.js';
import { createSteps } from './demo/steps.js';
import { readToolsConfig } from './tools/config.js';
import { ensureTools } from './tools/ensure-tools.js';
import { createProgress } from './tools/progress.js';
import { reportTools } from './tools/report-tools.js';

/* npm run demo: an example app from nothing to Healthy, on a plane of its own. */

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // The second one ends it at once; the next demo clears what is left.
  process.on(signal, () => (stop.signal.aborted ? process.exit(130) : stop.abort()));
}

if (process.argv.includes('--help')) process.stdout.write(demoUsage);
else await run();

async function run(): Promise<void> {
  const out = process.stdout;
  try {
    await runDemo(parseDemoOptions(process.argv.slice(2)), {
      commands: createCommands(out, stop.signal),
      steps: createSteps(out, () => systemClock.now()),
      out,
      clock: systemClock,
      signal: stop.signal,
      ensureTools: getTools,
    });
  } catch (error) {
    if (!stop.signal.aborted) process.stderr.write(`error: ${errorText(error)}\n`);
    process.exitCode = stop.signal.aborted ? 130 : error instanceof DemoError ? error.exitCode : 1;
  }
}

async function getTools(): Promise<void> {
  const progress = createProgress(process.stdout);
  try {
    const missing = reportTools(await ensureTools(['kubernetes'], readToolsConfig(), progress), progress);
    if (missing.length > 0)
      throw new Error('The programs of a Kubernetes control plane cannot be had here; why is above.');
  } finally {
    progress.close();
  }
}
