import zlib from 'node:zlib';
import type { Json } from '../../lib/canonical.js';
import type { KubernetesObject } from './driver.js';
import { createLikeness } from './likeness.js';

/**
 * Objects of one type, held small. They differ from each other in some names and hashes: told by what one has that another
 * of its shape has not, an object of a kilobyte takes some 300 bytes. What is like no other, or differs in long texts, is
 * deflated with one of them as the dictionary. As objects of JavaScript the same take several kilobytes each, and a process
 * holds every object of ours in every cluster. Not all are deflated: each call of zlib holds memory beside the heap until
 * the next collection, which then stays in pieces that are given back to nobody: 4 KB an object.
 */
export interface PackedObjects {
  get(name: string): KubernetesObject | null;
  set(name: string, object: KubernetesObject): void;
  delete(name: string): void;
  has(name: string): boolean;
  names(): Iterable<string>;
  /** Whether it holds this very state of the object. Looks at uid and version alone. */
  isSame(name: string, object: KubernetesObject): boolean;
}

export function createPackedObjects(): PackedObjects {
  const packed = new Map<string, string>();
  let options: zlib.ZlibOptions | null = null;
  const likeness = createLikeness();
  const unpack = (text: string): KubernetesObject => {
    const from = text.indexOf(MARK_END) + 1;
    const rest = text.slice(from + 1);
    if (text[from] === LIKE) return likeness.restore(rest) as unknown as KubernetesObject;
    const json = zlib.inflateRawSync(Buffer.from(rest, 'latin1'), options ?? {});
    return JSON.parse(json.toString('utf8')) as KubernetesObject;
  };
  const pack = (object: KubernetesObject): string => {
    const description = likeness.describe(object as unknown as Json);
    if (description !== null && description.length <= LONGEST_DESCRIPTION) return `${LIKE}${description}`;
    const json = Buffer.from(JSON.stringify(object));
    options ??= { ...SMALL, dictionary: json.subarray(0, LONGEST_DICTIONARY) };
    // A text of one byte a character: a Buffer costs more than what it holds here.
    return `${DEFLATED}${zlib.deflateRawSync(json, options).toString('latin1')}`;
  };
  return {
    get(name) {
      const text = packed.get(name);
      return text === undefined ? null : unpack(text);
    },
    set(name, object) {
      // Written out: a text that was put together of others holds all of them.
      packed.set(name, Buffer.from(`${markOf(object)}${MARK_END}${pack(object)}`).toString());
    },
    delete: (name) => void packed.delete(name),
    has: (name) => packed.has(name),
    names: () => packed.keys(),
    isSame: (name, object) => packed.get(name)?.startsWith(`${markOf(object)}${MARK_END}`) ?? false,
  };
}

const MARK_END = '\n';
const LIKE = '=';
const DEFLATED = '~';
/** What differs so much has texts of its own, which are smaller deflated. */
const LONGEST_DESCRIPTION = 1_000;
/** A window of 8 KB: most objects with their dictionary; and little of the memory that zlib takes for each call. */
const SMALL: zlib.ZlibOptions = { level: 6, windowBits: 13, memLevel: 3, chunkSize: 4096 };
const LONGEST_DICTIONARY = 4096;
/** Enough of it to tell two apart that have one name and one version. */
const UID_CHARACTERS = 8;

function markOf({ metadata: { uid = '', resourceVersion = '' } }: KubernetesObject): string {
  return `${resourceVersion} ${uid.slice(0, UID_CHARACTERS)}`;
}
