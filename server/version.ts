import { readFile } from 'node:fs/promises';

/** Of this program, as its package says: `0.1.0`. */
export async function readVersion(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
