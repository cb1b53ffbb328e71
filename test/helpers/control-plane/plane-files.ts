import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAuthority, createSigningKeys, type KeyPair } from './certificates.js';
import { type PlaneLayout, serverUrl } from './components.js';
import { kubeconfigText } from './kubeconfig.js';
import { stagesFile } from './stages.js';

export interface PlaneCredentials {
  readonly caPem: string;
  readonly admin: KeyPair;
  /** Under which all servers of the plane are reached on 127.0.0.1. */
  readonly serving: KeyPair;
  readonly adminToken: string;
  readonly kubeconfig: string;
  readonly adminKubeconfigPath: string;
}

/** Writes all files that the programs read, only for this user. */
export async function writePlaneFiles(layout: PlaneLayout): Promise<PlaneCredentials> {
  const server = serverUrl(layout);
  const authority = await createAuthority('portolan-test');
  const [admin, controllerManager, scheduler, serving, serviceAccounts] = await Promise.all([
    authority.issueClient('admin', 'system:masters'),
    authority.issueClient('system:kube-controller-manager'),
    authority.issueClient('system:kube-scheduler'),
    authority.issueServer('kube-apiserver', ['localhost', 'kubernetes.default.svc'], ['127.0.0.1', '10.96.0.1']),
    createSigningKeys(),
  ]);
  const caPem = authority.certificatePem;
  const kubeconfig = kubeconfigText(server, caPem, admin);
  const adminToken = randomBytes(24).toString('base64url');

  const files: Readonly<Record<string, string>> = {
    'ca.crt': caPem,
    'ca.key': authority.privateKeyPem,
    'server.crt': serving.certificatePem,
    'server.key': serving.privateKeyPem,
    'admin.crt': admin.certificatePem,
    'admin.key': admin.privateKeyPem,
    'service-accounts.pub': serviceAccounts.publicKeyPem,
    'service-accounts.key': serviceAccounts.privateKeyPem,
    'tokens.csv': `${adminToken},admin,admin,system:masters\n`,
    'admin.kubeconfig': kubeconfig,
    'controller-manager.kubeconfig': kubeconfigText(server, caPem, controllerManager),
    'scheduler.kubeconfig': kubeconfigText(server, caPem, scheduler),
    'stages.yaml': stagesFile(),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(layout.folder, name), text, { mode: 0o600 });
  return {
    caPem,
    admin,
    serving,
    adminToken,
    kubeconfig,
    adminKubeconfigPath: join(layout.folder, 'admin.kubeconfig'),
  };
}
