import type { CloudDriver } from '../drivers/cloud/driver.js';
import type { Transport } from '../drivers/kubernetes/transport.js';
import type { CloudScope } from '../drivers/sandbox/cloud/cloud-scope.js';

/** How a simulated world is reached that is in this very process, where no socket leads to it. */
export interface SandboxAccess {
  /** To the API server of one of its clusters, by name. */
  openTransport(cluster: string): Transport;
  openCloud(scope: CloudScope): CloudDriver;
}
