import type { CloudDriver } from '../../drivers/cloud/driver.js';
import { UnreachableError } from '../../drivers/cloud/errors.js';
import type { Failpoint } from '../../lib/failpoint.js';

/** The same driver, whose replies to what creates may be lost: done, and nobody is told. */
export function withLostReplies(driver: CloudDriver, failpoint: Failpoint): CloudDriver {
  return {
    ...driver,
    async create(key, wish, signal) {
      await driver.create(key, wish, signal);
      if ((await failpoint('createReplyLost', key.name)) !== true) return;
      throw new UnreachableError(`The reply to the creation of ${key.type} ${key.name} was lost.`);
    },
  };
}
