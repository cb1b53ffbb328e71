import { readFile } from 'node:fs/promises';
import { ownFolder } from '../lib/node/own-folder.js';

/** Of this program, as its package says: `0.1.0`. */
export async function readVersion(): Promise<string> {
  const text = await readFile(new URL('package.json', ownFolder), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
