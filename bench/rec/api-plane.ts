import { randomBytes } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGuardedFolder, removeGuardedFolder } from '../../scripts/children/guard.js';
import { findTool } from '../../scripts/tools/find-tool.js';
import type { ToolName } from '../../scripts/tools/tool.js';
import { createApiClient } from '../../test/helpers/control-plane/api-client.js';
import { type Component, startComponent } from '../../test/helpers/control-plane/component.js';
import { componentArgs, type PlaneLayout, serverUrl } from '../../test/helpers/control-plane/components.js';
import { findFreePorts } from '../../test/helpers/control-plane/free-ports.js';
import { writePlaneFiles } from '../../test/helpers/control-plane/plane-files.js';

/** The part of a control plane that writes go to: etcd, with fsync on, and kube-apiserver. No controllers, so no pods. */
export interface ApiPlane {
  readonly version: string;
  readonly server: string;
  readonly caPem: string;
  /** Bearer tokens of administrators, whom the API server never throttles. What `ours` and `floor` ask is in the audit log. */
  readonly tokens: Readonly<Record<ApiUser, string>>;
  readonly kubeconfigPath: string;
  readonly auditLogPath: string;
  close(): Promise<void>;
}

export type ApiUser = 'ours' | 'floor' | 'look';

/** Takes about four seconds. @throws Error when a tool is missing. */
export async function startApiPlane(): Promise<ApiPlane> {
  const folder = createGuardedFolder('portolan-bench-plane-');
  const [etcdPort = 0, etcdPeerPort = 0, apiServerPort = 0] = await findFreePorts(3);
  const layout: PlaneLayout = { folder, etcdPort, etcdPeerPort, apiServerPort };
  const components: Component[] = [];
  const close = async () => {
    await Promise.all(components.map((component) => component.stop()));
    removeGuardedFolder(folder);
  };
  const begin = async (name: ToolName): Promise<Component> => {
    const kept = componentArgs(name, layout).filter((arg) => arg !== '--unsafe-no-fsync');
    const component = startComponent(name, await pathOf(name), [...kept, ...moreArgs(name, folder)], folder);
    components.push(component);
    return component;
  };
  try {
    await begin('etcd');
    const { caPem, admin, adminKubeconfigPath } = await writePlaneFiles(layout);
    const tokens = writeUsers(folder);
    writeFileSync(join(folder, 'audit.yaml'), auditPolicy);
    const apiServer = await begin('kube-apiserver');
    const server = serverUrl(layout);
    const api = createApiClient({ server, caPem, ...admin });
    const isReady = () =>
      api.call('GET', '/readyz').then(
        () => true,
        () => false,
      );
    await apiServer.waitUntil('readiness', isReady, START_TIMEOUT_MS);
    const { gitVersion } = await api.call<{ gitVersion: string }>('GET', '/version');
    api.close();
    return {
      version: gitVersion.replace(/^v/, ''),
      server,
      caPem,
      tokens,
      kubeconfigPath: adminKubeconfigPath,
      auditLogPath: join(folder, AUDIT_LOG),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const START_TIMEOUT_MS = 60_000;
const AUDIT_LOG = 'audit.log.json';

function moreArgs(name: ToolName, folder: string): readonly string[] {
  if (name === 'etcd') {
    // Large runs write more than the 2 GB that it keeps by itself.
    return ['--quota-backend-bytes=6442450944', '--auto-compaction-mode=periodic', '--auto-compaction-retention=5m'];
  }
  return [`--audit-policy-file=${join(folder, 'audit.yaml')}`, `--audit-log-path=${join(folder, AUDIT_LOG)}`];
}

/** Each with a name of its own, so that it shows who asked. */
function writeUsers(folder: string): Readonly<Record<ApiUser, string>> {
  const tokens = { ours: newToken(), floor: newToken(), look: newToken() };
  const lines = Object.entries(tokens).map(([name, token]) => `${token},${name},${name},system:masters\n`);
  appendFileSync(join(folder, 'tokens.csv'), lines.join(''));
  return tokens;
}

const newToken = () => randomBytes(24).toString('base64url');

const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - level: Metadata
    users: [ours, floor]
  - level: None
`;

async function pathOf(name: ToolName): Promise<string> {
  const tool = await findTool(name);
  if (tool.found) return tool.path;
  throw new Error(`The benchmarks of controllers need a real API server: ${tool.reason}. Get it by: npm run tools`);
}
