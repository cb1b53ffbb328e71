import { Readable } from 'node:stream';
import { runCli } from '../../cli/main.js';
import { systemClock } from '../../lib/clock.js';
import type { TestServer } from '../helpers/server.js';
import type { Answer } from './portolan.js';

/** Runs a command line within this process, as the operator of a server. */
export async function runPortolan(
  server: Pick<TestServer, 'url' | 'operatorToken' | 'home'>,
  args: readonly string[],
  options: { readonly input?: string; readonly folder?: string } = {},
): Promise<Answer> {
  const written = { out: '', err: '' };
  const stream = (name: 'out' | 'err') => ({
    write(text: string) {
      written[name] += text;
      return true;
    },
  });
  const code = await runCli(args, {
    out: stream('out'),
    err: stream('err'),
    input: Object.assign(Readable.from([options.input ?? '']), { isTTY: false }) as unknown as NodeJS.ReadStream,
    environment: { PORTOLAN_URL: server.url, PORTOLAN_TOKEN: server.operatorToken, PORTOLAN_HOME: server.home },
    workingFolder: options.folder ?? server.home,
    clock: systemClock,
    signal: new AbortController().signal,
  });
  return { code, ...written };
}
