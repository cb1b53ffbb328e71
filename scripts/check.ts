import { spawnSync } from 'node:child_process';
import { platform } from 'node:os';

/** One thing that must hold before a commit, in the order in which a failure says most. */
interface Check {
  readonly title: string;
  readonly command: readonly string[];
  /** What helps when it fails. */
  readonly next: string;
}

const checks: readonly Check[] = [
  {
    title: 'types',
    command: ['tsc', '-p', 'tsconfig.json', '--noEmit', '--incremental', 'false'],
    next: 'Mend the types named above.',
  },
  {
    title: 'types of the page',
    command: ['tsc', '-p', 'ui/tsconfig.json'],
    next: 'Mend the types named above. The page has those of a browser, and none of Node.',
  },
  {
    title: 'format and lint',
    command: ['biome', 'check', '.'],
    next: 'Run npm run format; what is left has to be mended by hand.',
  },
  {
    title: 'generated files',
    command: ['node', 'dist/scripts/codegen.js', '--check'],
    next: 'Run npm run codegen and commit what changed.',
  },
  {
    title: 'architecture',
    command: ['ava', 'dist/test/architecture.test.js'],
    next: 'docs/architecture.md says which room may import which.',
  },
];

const failed = checks.filter((check) => !passes(check));
for (const check of failed) console.error(`\n${check.title}: ${check.next}`);
console.log(failed.length === 0 ? '\nAll checks passed.' : `\n${failed.length} of ${checks.length} checks failed.`);
process.exitCode = failed.length === 0 ? 0 : 1;

function passes({ title, command }: Check): boolean {
  const [program = '', ...args] = command;
  console.log(`\n${title}: ${command.join(' ')}`);
  // npm puts node_modules/.bin first on the PATH; on Windows its programs are shell scripts.
  const { status, error } = spawnSync(program, args, { stdio: 'inherit', shell: platform() === 'win32' });
  if (error) console.error(`${program} could not be started: ${error.message}. Run it through npm run check.`);
  return status === 0;
}
