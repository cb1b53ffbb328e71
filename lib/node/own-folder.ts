import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Where Portolan is installed: the nearest folder above this file with a package.json. Files of ours are found from here,
 * since code that was put together into a bundle is no more where it was written. Ends with a slash.
 */
export const ownFolder: URL = pathToFileURL(`${find(import.meta.dirname)}/`);

function find(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const above = dirname(folder);
  if (above === folder)
    throw new Error(`No folder above ${import.meta.dirname} has a package.json. Install Portolan again.`);
  return find(above);
}
