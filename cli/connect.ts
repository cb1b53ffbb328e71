import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonObject } from '../lib/canonical.js';
import type { Clock } from '../lib/clock.js';
import { createSdk } from '../sdk/client.js';
import { followLogs } from '../sdk/follow-logs.js';
import type { GraphClient } from '../sdk/graph-client.js';
import type { CliConfig } from './config.js';
import { UnreachableError } from './errors.js';
import type { KindView, KindWithSchema } from './kinds/kind-view.js';
import { readPlaneFile } from './process/plane-file.js';
import type { PlaneConnection } from './session.js';

/** How a client of the graph is made. Opens nothing by itself. */
export type OpenClient = (options: { readonly url: string; readonly token: string }) => GraphClient;

/** Connects to the plane that `url` or the environment names, else to the one of the data folder. Throws UnreachableError when there is none. */
export async function connect(config: CliConfig, openClient: OpenClient, clock: Clock): Promise<PlaneConnection> {
  const url = config.url ?? (await urlOfDataFolder(config));
  if (!URL.canParse(url)) {
    throw new UnreachableError(`"${url}" is not the address of a plane.`, {
      next: 'Give one such as http://127.0.0.1:7420.',
    });
  }
  const token = await tokenOf(config);
  const client = openClient({ url, token });
  const sdk = createSdk(client);
  let kinds: Promise<readonly KindView[]> | null = null;
  let withSchemas: Promise<readonly KindWithSchema[]> | null = null;
  const readKinds = async () => (await sdk.ListKinds()).kinds;
  const readSchemas = async () => {
    const answer = await sdk.ListKindSchemas();
    return answer.kinds.map((kind) => ({ ...kind, fileSchema: isJsonObject(kind.fileSchema) ? kind.fileSchema : {} }));
  };
  return {
    url,
    token,
    sdk,
    kinds() {
      kinds ??= withSchemas ?? readKinds();
      return kinds;
    },
    kindsWithSchemas() {
      withSchemas ??= readSchemas();
      return withSchemas;
    },
    followLogs: (question, signal) => followLogs(client, question, { clock, signal }),
    onStatus: (listener) => client.onStatus(listener),
    close: () => client.close(),
  };
}

async function urlOfDataFolder({ home }: CliConfig): Promise<string> {
  const file = await readPlaneFile(home);
  if (file) return file.url;
  throw new UnreachableError(`No plane runs here: there is no plane.json in ${home}.`, {
    next: 'Start one with `portolan up`, or set PORTOLAN_URL and PORTOLAN_TOKEN to use one elsewhere.',
  });
}

async function tokenOf({ token, home, url }: CliConfig): Promise<string> {
  if (token !== null) return token;
  const path = join(home, 'operator.token');
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (cause) {
    const next =
      url === null ? `Read it as the user who started the plane, or set PORTOLAN_TOKEN.` : 'Set PORTOLAN_TOKEN.';
    throw new UnreachableError(`There is no token to log in with: ${path} cannot be read.`, { next, cause });
  }
}
