import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ava, { type ExecutionContext, type TestFn } from 'ava';
import { createHttpTransport } from '../../drivers/kubernetes/http-transport.js';
import type { Transport } from '../../drivers/kubernetes/transport.js';
import { createSandboxDriver } from '../../drivers/sandbox/driver.js';
import { type Sandbox, startSandbox } from '../../drivers/sandbox/start.js';
import { systemClock } from '../../lib/clock.js';
import { silentLog } from '../../lib/log.js';
import { type ConformanceOptions, registerConformance } from './conformance.js';

const test = ava as TestFn;
const clock = systemClock;
const folder = mkdtempSync(join(tmpdir(), 'portolan-sandbox-'));
let sandbox: Promise<Sandbox> | null = null;

test.after.always(async () => {
  await (await sandbox)?.close();
  rmSync(folder, { recursive: true, force: true });
});

const open: ConformanceOptions['open'] = async (t) => {
  sandbox ??= start();
  const { socketPath } = await sandbox;
  return {
    transport: transportTo(t, socketPath, 'here'),
    unreachable: createSandboxDriver({ socketPath, cluster: 'away', clock }),
    refused: createSandboxDriver({ socketPath, cluster: 'closed', clock }),
  };
};

function transportTo(t: ExecutionContext, socketPath: string, cluster: string): Transport {
  const server = `http://sandbox/clusters/${cluster}`;
  const transport = createHttpTransport({ server }, { clock, socketPath, displayHost: `sandbox/${cluster}` });
  t.teardown(() => transport.close());
  return transport;
}

async function start(): Promise<Sandbox> {
  const started = await startSandbox({ folder, seed: 7, isFast: true, log: silentLog });
  await started.control.setFault({ kind: 'apiDown', match: { cluster: 'away' } });
  await started.control.setFault({ kind: 'unauthorized', match: { cluster: 'closed' } });
  return started;
}

registerConformance({
  test,
  open,
  // A cluster of the sandbox does not know the changes from before it began.
  openWithPast: async (t) => ({ ...(await open(t)), resourceVersion: '1' }),
  async openForgetful(t) {
    sandbox ??= start();
    const { socketPath, control } = await sandbox;
    return { transport: transportTo(t, socketPath, 'forgetful'), forget: () => control.compact('forgetful') };
  },
});
