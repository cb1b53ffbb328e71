import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

/** What the environment of the process says. The only place of the CLI that reads it. */
export interface CliConfig {
  /** The data folder of the plane on this machine. */
  readonly home: string;
  /** From PORTOLAN_URL: a plane elsewhere. null: the one whose data folder `home` is. */
  readonly url: string | null;
  /** From PORTOLAN_TOKEN. null: the operator token in the data folder. */
  readonly token: string | null;
  readonly noColour: boolean;
  /** COLUMNS; null when it is not set. */
  readonly columns: number | null;
  readonly isBuildServer: boolean;
  /** The kubeconfigs that kubectl would merge: those of KUBECONFIG, else ~/.kube/config alone. */
  readonly kubeconfigs: readonly string[];
  /** Handed on to the plane, which reads settings of its own. */
  readonly environment: NodeJS.ProcessEnv;
}

export function readCliConfig(environment: NodeJS.ProcessEnv = process.env): CliConfig {
  const set = (name: string) => environment[name] || null;
  const userHome = set('HOME') ?? homedir();
  const dataHome = set('XDG_DATA_HOME') ?? join(userHome, '.local', 'share');
  const columns = Number(set('COLUMNS'));
  return {
    home: resolve(set('PORTOLAN_HOME') ?? join(dataHome, 'portolan')),
    url: set('PORTOLAN_URL'),
    token: set('PORTOLAN_TOKEN'),
    // https://no-color.org: set to anything but nothing.
    noColour: set('NO_COLOR') !== null,
    columns: Number.isInteger(columns) && columns >= 20 ? columns : null,
    isBuildServer: set('CI') !== null && set('CI') !== 'false',
    kubeconfigs: set('KUBECONFIG')?.split(delimiter).filter(Boolean) ?? [join(userHome, '.kube', 'config')],
    environment,
  };
}
