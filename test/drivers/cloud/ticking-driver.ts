import type { CloudDriver } from '../../../drivers/cloud/driver.js';

/** The same driver for a cloud whose time moves only when somebody looks: no load of the machine makes anything be missed. */
export function tickingDriver(driver: CloudDriver, step: (byMs: number) => void | Promise<void>): CloudDriver {
  return {
    ...driver,
    async describe(key, signal) {
      await step(TICK_MS);
      return driver.describe(key, signal);
    },
    async list(query, signal) {
      await step(TICK_MS);
      return driver.list(query, signal);
    },
  };
}

/** Shorter than anything takes. */
const TICK_MS = 5;
