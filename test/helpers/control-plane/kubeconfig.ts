import { stringify } from 'yaml';
import type { KeyPair } from './certificates.js';

/** A kubeconfig that carries all it needs, so that it can be copied as text. */
export function kubeconfigText(server: string, caPem: string, user: KeyPair): string {
  const name = 'portolan-test';
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': base64(caPem) } }],
    users: [
      {
        name,
        user: {
          'client-certificate-data': base64(user.certificatePem),
          'client-key-data': base64(user.privateKeyPem),
        },
      },
    ],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  });
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
