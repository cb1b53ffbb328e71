import type { CloudType } from '../../drivers/cloud/driver.js';
import type { Clouds } from './clouds.js';
import { SharedLook, type SharedLookOptions } from './shared-look.js';

/** The looks that resources in clouds share. All of them may be lost: passes follow anew. */
export interface SharedLooks {
  /** The one of an account, a region and a type. */
  at(accountId: string, region: string, type: CloudType): SharedLook;
  close(): void;
}

export interface SharedLooksOptions extends Omit<SharedLookOptions, 'type' | 'driver' | 'soonMs' | 'everyMs'> {
  readonly clouds: Clouds;
  /** How often to look where nothing is under way, in milliseconds. Default 15,000. */
  readonly everyMs?: number;
  /** How soon to look at what was just asked for, in milliseconds. Default 200. */
  readonly soonMs?: number;
}

/** Opens nothing by itself. */
export function createSharedLooks(options: SharedLooksOptions): SharedLooks {
  const { clouds, everyMs = EVERY_MS, soonMs = SOON_MS, ...shared } = options;
  const looks = new Map<string, SharedLook>();
  return {
    at(accountId, region, type) {
      const key = `${accountId}/${region}/${type}`;
      const known = looks.get(key);
      if (known) return known;
      const driver: SharedLookOptions['driver'] = (call) => clouds.get(accountId, region, call);
      const look = new SharedLook({ ...shared, everyMs, soonMs, type, driver });
      looks.set(key, look);
      return look;
    },
    close() {
      for (const look of looks.values()) look.close();
      looks.clear();
    },
  };
}

const EVERY_MS = 15_000;
/** What a cloud makes at once is soon used, and one more question for all that is made in a while costs it little. */
const SOON_MS = 200;
