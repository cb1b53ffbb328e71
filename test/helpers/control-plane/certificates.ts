import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** A certificate, or a key alone, in PEM. */
export interface KeyPair {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/** Signs for one control plane, and is forgotten with it. */
export interface Authority {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  /** A client: Kubernetes takes the common name for the user and each organization for a group. */
  issueClient(user: string, group?: string): Promise<KeyPair>;
  /** A server, under the DNS names and addresses by which clients call it. */
  issueServer(name: string, dnsNames: readonly string[], addresses: readonly string[]): Promise<KeyPair>;
}

/** Small keys that every TLS library of today takes, made in a millisecond. */
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
/** No test run is longer; a clock that is a little behind still finds the certificate valid. */
const validForMs = 7 * 24 * 3600_000;
const backdatedMs = 3600_000;

export async function createAuthority(name: string): Promise<Authority> {
  const keys = await generateKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...validity(),
    name: `CN=${name}`,
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature, true),
    ],
  });
  const issue = (subject: string, usage: ExtendedKeyUsage, extensions: readonly Extension[]) =>
    issueCertificate(certificate, keys, subject, usage, extensions);

  return {
    certificatePem: certificate.toString('pem'),
    privateKeyPem: await exportPrivateKey(keys),
    issueClient: (user, group) =>
      issue(group === undefined ? `CN=${user}` : `O=${group}, CN=${user}`, ExtendedKeyUsage.clientAuth, []),
    issueServer: (server, dnsNames, addresses) =>
      issue(`CN=${server}`, ExtendedKeyUsage.serverAuth, [
        new SubjectAlternativeNameExtension([
          ...dnsNames.map((value) => ({ type: 'dns' as const, value })),
          ...addresses.map((value) => ({ type: 'ip' as const, value })),
        ]),
      ]),
  };
}

/** A pair of keys without a certificate, for signing tokens. */
export async function createSigningKeys(): Promise<{ readonly publicKeyPem: string; readonly privateKeyPem: string }> {
  const keys = await generateKeys();
  const publicKey = await webcrypto.subtle.exportKey('spki', keys.publicKey);
  return { publicKeyPem: PemConverter.encode(publicKey, 'PUBLIC KEY'), privateKeyPem: await exportPrivateKey(keys) };
}

async function issueCertificate(
  issuer: X509Certificate,
  issuerKeys: webcrypto.CryptoKeyPair,
  subject: string,
  usage: ExtendedKeyUsage,
  extensions: readonly Extension[],
): Promise<KeyPair> {
  const keys = await generateKeys();
  const certificate = await X509CertificateGenerator.create({
    ...validity(),
    subject,
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey: issuerKeys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(false),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([usage]),
      await AuthorityKeyIdentifierExtension.create(issuer),
      ...extensions,
    ],
  });
  return { certificatePem: certificate.toString('pem'), privateKeyPem: await exportPrivateKey(keys) };
}

function validity(): { readonly notBefore: Date; readonly notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - backdatedMs), notAfter: new Date(now + validForMs) };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;
}

async function exportPrivateKey(keys: webcrypto.CryptoKeyPair): Promise<string> {
  return PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
}
