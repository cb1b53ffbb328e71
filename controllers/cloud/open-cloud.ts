import type { CloudDriver } from '../../drivers/cloud/driver.js';
import { createSandboxCloudDriver } from '../../drivers/sandbox/cloud/driver.js';
import type { Clock } from '../../lib/clock.js';
import type { SpecOf } from '../../lib/kind.js';
import type { cloudAccountKind } from '../../schema/kinds/cloud-account.js';

export type AccountSpec = SpecOf<typeof cloudAccountKind>;

export interface OpenCloudOptions {
  readonly clock: Clock;
  /** Where the sandbox listens; null: there is none here. */
  readonly sandboxSocketPath: string | null;
}

/** The driver that the provider of an account needs, for one region. `spec` holds plaintext: it is kept by the driver alone. */
export function openCloud(
  accountId: string,
  spec: AccountSpec,
  region: string,
  { clock, sandboxSocketPath: socketPath }: OpenCloudOptions,
): CloudDriver {
  switch (spec.provider) {
    case 'sandbox': {
      if (socketPath === null) {
        throw new Error(
          'This controller process knows no sandbox. Start it with PORTOLAN_SANDBOX_SOCKET, or run the all in one.',
        );
      }
      const { keyId, key } = spec.credentials ?? {};
      const credentials =
        keyId === undefined || key === undefined
          ? ({ type: 'ambient' } as const)
          : ({ type: 'keys', accessKeyId: keyId, secretAccessKey: key } as const);
      return createSandboxCloudDriver({ socketPath, account: accountId, region, credentials, clock });
    }
  }
}
