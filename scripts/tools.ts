import { parseGroup, readToolsConfig } from './tools/config.js';
import { ensureTools } from './tools/ensure-tools.js';
import { createProgress } from './tools/progress.js';
import { reportTools } from './tools/report-tools.js';
import { toolGroups } from './tools/tool.js';

const usage = `Gets the programs that tests and demos against real systems need.

  npm run tools                      Kubernetes, and what PORTOLAN_REQUIRE lists
  npm run tools -- GROUP...          only these: ${toolGroups.join(', ')}
  npm run tools -- all               everything
`;

const names = process.argv.slice(2);
if (names.includes('--help')) {
  process.stdout.write(usage);
} else {
  await getTools();
}

async function getTools(): Promise<void> {
  const config = readToolsConfig();
  const named = names.includes('all') ? [...toolGroups] : names.map(parseGroup);
  const groups = named.length > 0 ? named : [...new Set(['kubernetes' as const, ...config.required])];
  const progress = createProgress(process.stdout);
  const lookups = await ensureTools(groups, config, progress);
  const missing = reportTools(lookups, progress);
  progress.close();
  if (missing.some((group) => config.required.has(group))) process.exitCode = 1;
}
