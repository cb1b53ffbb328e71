import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashText } from '../../lib/node/hash.js';

/** Where the sandbox of a folder listens: in the folder, or, where that path is too long for a socket, under a name that follows from it. */
export function sandboxSocketPath(folder: string): string {
  const within = join(folder, 'sandbox.sock');
  if (Buffer.byteLength(within) <= LONGEST_BYTES) return within;
  return join(tmpdir(), `portolan-${hashText(within).slice(0, 16)}.sock`);
}

/** sockaddr_un of Linux has room for 108 bytes with the end mark, that of macOS for 104. */
const LONGEST_BYTES = 103;
