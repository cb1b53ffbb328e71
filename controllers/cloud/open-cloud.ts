import type { CloudDriver } from '../../drivers/cloud/driver.js';
import { createSandboxCloudDriver } from '../../drivers/sandbox/cloud/driver.js';
import type { Clock } from '../../lib/clock.js';
import type { Failpoint } from '../../lib/failpoint.js';
import type { SpecOf } from '../../lib/kind.js';
import type { cloudAccountKind } from '../../schema/kinds/cloud-account.js';
import type { SandboxAccess } from '../sandbox-access.js';
import { withLostReplies } from './with-lost-replies.js';

export type AccountSpec = SpecOf<typeof cloudAccountKind>;

export interface OpenCloudOptions {
  readonly clock: Clock;
  /** Where the sandbox listens; null: there is none here. */
  readonly sandboxSocketPath: string | null;
  /** In the place of the socket. */
  readonly sandbox?: SandboxAccess;
  readonly failpoint?: Failpoint;
}

/** The driver that the provider of an account needs, for one region. `spec` holds plaintext: it is kept by the driver alone. */
export function openCloud(
  accountId: string,
  spec: AccountSpec,
  region: string,
  options: OpenCloudOptions,
): CloudDriver {
  const { failpoint } = options;
  const driver = openProvider(accountId, spec, region, options);
  return failpoint ? withLostReplies(driver, failpoint) : driver;
}

function openProvider(
  accountId: string,
  spec: AccountSpec,
  region: string,
  { clock, sandboxSocketPath: socketPath, sandbox }: OpenCloudOptions,
): CloudDriver {
  switch (spec.provider) {
    case 'sandbox': {
      const { keyId, key } = spec.credentials ?? {};
      const credentials =
        keyId === undefined || key === undefined
          ? ({ type: 'ambient' } as const)
          : ({ type: 'keys', accessKeyId: keyId, secretAccessKey: key } as const);
      if (sandbox) return sandbox.openCloud({ account: accountId, region, credentials });
      if (socketPath === null) {
        throw new Error(
          'This controller process knows no sandbox. Start it with PORTOLAN_SANDBOX_SOCKET, or run the all in one.',
        );
      }
      return createSandboxCloudDriver({ socketPath, account: accountId, region, credentials, clock });
    }
  }
}
