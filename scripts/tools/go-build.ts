import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { childEnvironment } from './config.js';
import type { Progress } from './progress.js';
import { runCommand } from './run-command.js';
import type { GoBuild, ToolName } from './tool.js';

/** Modules over a slow line. */
const downloadTimeoutMs = 20 * 60_000;
/** Ten times what two idle cores need for the largest. */
const buildTimeoutMs = 50 * 60_000;

export interface GoBuildRequest {
  /** For progress lines. */
  readonly subject: string;
  readonly build: GoBuild;
  readonly tools: readonly ToolName[];
  /** An empty folder, which the caller removes. */
  readonly folder: string;
  readonly progress: Progress;
}

/** Builds static programs from the Go module proxy; answers the path of each. @throws Error with Go's last words. */
export async function buildWithGo(request: GoBuildRequest): Promise<ReadonlyMap<ToolName, string>> {
  const { subject, build, tools, folder, progress } = request;
  const packages = tools.map((tool) => build.packages[tool] ?? throwUnknown(tool, build));
  const go = (args: readonly string[], timeoutMs: number, onLine: (line: string) => void) =>
    runCommand('go', args, { cwd: folder, env: childEnvironment({ CGO_ENABLED: '0' }), timeoutMs, onLine });

  progress.step(subject, 'fetching Go modules');
  await writeFile(join(folder, 'go.mod'), throwAwayModule(subject, await readReplaced(build, folder), build));
  if (build.mainSource !== null) await writeFile(join(folder, 'main.go'), build.mainSource);
  const wanted = build.mainSource === null ? ['-tool', ...packages] : [build.module];
  const count = createCounter((total) => progress.advance(subject, `${total} modules`));
  await go(['get', ...wanted.map((name) => atVersion(name, build))], downloadTimeoutMs, (line) => {
    if (line.startsWith('go: downloading ')) count();
  });

  progress.step(subject, `building ${tools.join(', ')}`, build.expectedSeconds);
  const output = join(folder, 'bin');
  await mkdir(output);
  const countPackage = createCounter((total) => progress.advance(subject, `${total} packages`));
  const ldflags = ['-s', '-w', ...build.ldflags].join(' ');
  await go(
    ['build', '-v', '-trimpath', '-ldflags', ldflags, '-o', `${output}/`, ...packages],
    buildTimeoutMs,
    countPackage,
  );
  return new Map(tools.map((tool) => [tool, join(output, tool)]));
}

/** The text of go.mod. Exported for its test. */
export function throwAwayModule(subject: string, replaced: readonly string[], build: GoBuild): string {
  const lines = replaced.map((module) => `replace ${module} => ${module} ${build.replacedVersion}`);
  return [`module portolan.test/${subject}`, '', ...lines, ''].join('\n');
}

/** The modules that a go.mod replaces by folders of its own repository. Exported for its test. */
export function parseReplaced(goMod: string): readonly string[] {
  return [...goMod.matchAll(/^\s*(?:replace\s+)?(\S+)(?:\s+v\S+)?\s+=>\s+\.\/\S+$/gm)].map((match) => match[1] ?? '');
}

async function readReplaced(build: GoBuild, folder: string): Promise<readonly string[]> {
  if (build.replacedVersion === null) return [];
  const { stdout } = await promisify(execFile)('go', ['mod', 'download', '-json', `${build.module}@${build.version}`], {
    cwd: folder,
    timeout: downloadTimeoutMs,
  });
  const { GoMod } = JSON.parse(stdout) as { GoMod: string };
  return parseReplaced(await readFile(GoMod, 'utf8'));
}

function atVersion(name: string, build: GoBuild): string {
  return name.startsWith('-') ? name : `${name}@${build.version}`;
}

function createCounter(report: (total: number) => void): () => void {
  let total = 0;
  return () => {
    total += 1;
    report(total);
  };
}

function throwUnknown(tool: ToolName, build: GoBuild): never {
  throw new Error(`${build.module} has no package for ${tool}`);
}
