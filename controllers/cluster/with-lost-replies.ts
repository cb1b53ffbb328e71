import type { KubernetesDriver } from '../../drivers/kubernetes/driver.js';
import { UnreachableError } from '../../drivers/kubernetes/errors.js';
import type { Failpoint } from '../../lib/failpoint.js';

/** The same driver, whose replies to what creates may be lost: done, and nobody is told. Our applies create where they do not force. */
export function withLostReplies(driver: KubernetesDriver, failpoint: Failpoint): KubernetesDriver {
  return {
    ...driver,
    async apply(object, options) {
      const answer = await driver.apply(object, options);
      const isLost = !options.force && (await failpoint('createReplyLost', object.metadata.name)) === true;
      if (isLost) throw new UnreachableError(`The reply to the creation of ${object.metadata.name} was lost.`);
      return answer;
    },
  };
}
