import { resolve } from 'node:path';

export interface DemoOptions {
  /** Removes everything, says that nothing is left, and ends. */
  readonly isOnce: boolean;
  /** On a real control plane instead of the sandbox. */
  readonly isReal: boolean;
  /** Leaves plane and data as they are at the end. */
  readonly isKept: boolean;
  readonly example: Example;
}

export const examples = ['wordpress', 'shop'] as const;
export type Example = (typeof examples)[number];

export const demoUsage = `Deploys an example app and shows its tree until it is Healthy.

  npm run demo                          on the sandbox; stays up until Ctrl-C
  npm run demo -- --once                removes it all at the end, and says that nothing is left
  npm run demo -- --real                on a real Kubernetes control plane, which it starts
  npm run demo -- --example NAME        ${examples.join(' or ')}; left out: wordpress
  npm run demo -- --keep                leaves the plane running at the end
`;

/** Throws Error with a sentence for what it does not know. */
export function parseDemoOptions(args: readonly string[]): DemoOptions {
  const flags = new Set<string>();
  let example: Example = 'wordpress';
  for (let index = 0; index < args.length; index += 1) {
    const [flag = '', inline] = (args[index] ?? '').split('=');
    if (flag === '--example') {
      const name = inline ?? args[++index] ?? '';
      const found = examples.find((known) => known === name);
      if (!found) throw new Error(`There is no example "${name}". There are ${examples.join(' and ')}.`);
      example = found;
    } else if (['--once', '--real', '--keep'].includes(flag)) flags.add(flag);
    else throw new Error(`"${flag}" is not an option of the demo.\n\n${demoUsage}`);
  }
  return { isOnce: flags.has('--once'), isReal: flags.has('--real'), isKept: flags.has('--keep'), example };
}

/** Of the project. */
export const projectFolder = resolve(import.meta.dirname, '..', '..', '..');
/** The one place on the disk that a demo writes to. */
export const demoHome = resolve(projectFolder, '.portolan', 'demo');

/** The environment of the demo's plane and of its commands: ours, but with a plane, data and database of its own. */
export function demoEnvironment(): NodeJS.ProcessEnv {
  const { PORTOLAN_URL, PORTOLAN_TOKEN, DATABASE_URL, REDIS_URL, PORTOLAN_ENCRYPTION_KEY, ...rest } = process.env;
  return { ...rest, PORTOLAN_HOME: demoHome };
}
