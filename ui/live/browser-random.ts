import { type Random, systemRandom } from '../../lib/random.js';

/** Browsers give crypto.randomUUID to pages of https and localhost alone; a plane may be looked at by its address too. */
export const browserRandom: Random = { ...systemRandom, uuid };

/** RFC 9562, version 4. */
function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
