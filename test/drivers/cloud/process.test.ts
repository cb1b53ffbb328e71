import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ava, { type TestFn } from 'ava';
import { createSandboxCloudDriver } from '../../../drivers/sandbox/cloud/driver.js';
import { type Sandbox, startSandbox } from '../../../drivers/sandbox/start.js';
import { systemClock } from '../../../lib/clock.js';
import { silentLog } from '../../../lib/log.js';
import { registerConformance } from './conformance.js';
import { tickingDriver } from './ticking-driver.js';

const folder = mkdtempSync(join(tmpdir(), 'portolan-cloud-'));
let sandbox: Promise<Sandbox> | null = null;

ava.after.always(async () => {
  await (await sandbox)?.close();
  rmSync(folder, { recursive: true, force: true });
});

registerConformance({
  // One after the other: its time moves when one of them looks.
  test: ava.serial as TestFn,
  open: async (t) => {
    sandbox ??= start();
    const { socketPath, control } = await sandbox;
    const ambient = { type: 'ambient' } as const;
    const wrong = { type: 'keys', accessKeyId: 'wrong', secretAccessKey: 'x' } as const;
    const open = (account: string, credentials: typeof ambient | typeof wrong) => {
      const driver = createSandboxCloudDriver({ socketPath, account, credentials, clock: systemClock });
      t.teardown(() => driver.close());
      return driver;
    };
    return {
      driver: tickingDriver(open('here', ambient), (byMs) => control.step(byMs)),
      unreachable: open('away', ambient),
      refused: open('here', wrong),
      putIntoBucket: (name, objects) =>
        control.putIntoBucket({ account: 'here', region: 'sandbox', type: 'bucket', name }, objects),
    };
  },
});

async function start(): Promise<Sandbox> {
  const started = await startSandbox({ folder, seed: 7, isFast: true, hasManualClock: true, log: silentLog });
  await started.control.setFault({ kind: 'apiDown', match: { account: 'away' } });
  // All tests are in one account.
  await started.control.setFault({ kind: 'quota', match: { account: 'here' }, limit: 1000 });
  return started;
}
