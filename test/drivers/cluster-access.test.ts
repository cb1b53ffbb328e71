import test from 'ava';
import { stringify } from 'yaml';
import { readKubeconfig } from '../../drivers/kubernetes/cluster-access.js';
import { BadInputError } from '../../lib/errors.js';

const ca = '-----BEGIN CERTIFICATE-----\nca\n-----END CERTIFICATE-----\n';
const certificate = '-----BEGIN CERTIFICATE-----\nclient\n-----END CERTIFICATE-----\n';
const key = '-----BEGIN PRIVATE KEY-----\nkey\n-----END PRIVATE KEY-----\n';
const server = 'https://203.0.113.7:6443';

test('reads inline credentials of the current context', (t) => {
  const cluster = { server, 'certificate-authority-data': base64(ca), 'tls-server-name': 'kubernetes' };
  const user = { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) };
  t.deepEqual(readKubeconfig(config({ cluster, user })), {
    contextName: 'prod',
    server,
    certificateAuthority: ca,
    tlsServerName: 'kubernetes',
    clientCertificate: certificate,
    clientKey: key,
  });
});

test('reads the files that a kubeconfig names on the machine where it is', (t) => {
  const files: Readonly<Record<string, string>> = { '/etc/ca.pem': ca, '/run/token': 'shells\n' };
  const text = config({
    cluster: { server, 'certificate-authority': '/etc/ca.pem' },
    user: { tokenFile: '/run/token' },
  });
  const access = readKubeconfig(text, { readFile: (path) => files[path] ?? '' });
  t.deepEqual(access, { contextName: 'prod', server, certificateAuthority: ca, token: 'shells' });
});

const refusals = [
  {
    title: 'YAML that is none, without showing any of it',
    text: 'token: "shells',
    says: /^The kubeconfig is not valid YAML\.$/,
  },
  { title: 'a file that is no kubeconfig', text: 'a: b', says: /^This is not a kubeconfig/ },
  {
    title: 'a context that is not there, and names those that are',
    text: config({}),
    context: 'dev',
    says: /^The kubeconfig has no context called dev\. Its contexts: prod\.$/,
  },
  {
    title: 'a file without a current context',
    text: stringify({ kind: 'Config', contexts: [{ name: 'prod' }] }),
    says: /has no current context\. Its contexts: prod\./,
  },
  {
    title: 'a user that is not there',
    text: stringify({
      kind: 'Config',
      'current-context': 'prod',
      contexts: [{ name: 'prod', context: { cluster: 'c', user: 'ada' } }],
      clusters: [{ name: 'c', cluster: { server } }],
      users: [{ name: 'bob', user: {} }],
    }),
    says: /no user called ada of context prod\. Its users: bob\./,
  },
  {
    title: 'a plug-in',
    text: config({ user: { exec: { command: 'aws' } } }),
    says: /logs in through the program aws/,
    next: /kubectl create token/,
  },
  {
    title: 'an auth provider',
    text: config({ user: { 'auth-provider': { name: 'gcp' } } }),
    says: /logs in through the auth provider gcp, which Kubernetes has given up/,
    next: /kubectl create token/,
  },
  {
    title: 'a user without a credential',
    text: config({ user: {} }),
    says: /neither a token nor a client certificate/,
  },
  {
    title: 'a file where none can be read',
    text: config({ user: { tokenFile: '/run/token' } }),
    says: /names the file \/run\/token/,
    next: /--flatten/,
  },
  {
    title: 'a server that is no URL',
    text: config({ cluster: { server: 'here' } }),
    says: /has no usable server: "here"/,
  },
  {
    title: 'data that kubectl has left out',
    text: config({ cluster: { server, 'certificate-authority-data': 'DATA+OMITTED' } }),
    says: /is not a PEM text in base64/,
    next: /--raw/,
  },
];

test('answers with the program of a user in the place of a credential, where programs can be run', (t) => {
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'aws' };
  const extensions = [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'me' } }];
  t.deepEqual(readKubeconfig(config({ cluster: { server, extensions }, user: { exec } }), { allowExec: true }), {
    contextName: 'prod',
    server,
    exec: { userName: 'u', settings: exec, clusterConfig: { audience: 'me' } },
  });
});

for (const { title, text, context, says, next } of refusals) {
  test(`refuses ${title}`, (t) => {
    const error = t.throws(() => readKubeconfig(text, context === undefined ? {} : { context }), {
      instanceOf: BadInputError,
    });
    t.regex(error?.message ?? '', says);
    t.regex(error?.details.next ?? '', next ?? /^/);
    t.notRegex(JSON.stringify([error?.message, error?.details]), /shells/);
  });
}

function config(parts: { cluster?: object; user?: object }): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'prod',
    contexts: [{ name: 'prod', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster: parts.cluster ?? { server } }],
    users: [{ name: 'u', user: parts.user ?? { token: 'shells' } }],
  });
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
