import type { ServiceAccountToken, TokenOptions } from './driver.js';
import { ServerError } from './errors.js';
import { record, text } from './object-fields.js';
import { responseError } from './response-error.js';
import type { Transport } from './transport.js';

/** https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/ */
export async function requestToken(transport: Transport, options: TokenOptions): Promise<ServiceAccountToken> {
  const { namespace, serviceAccount, expiresInSeconds, signal } = options;
  const response = await transport.request({
    method: 'POST',
    path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/serviceaccounts/${encodeURIComponent(serviceAccount)}/token`,
    body: {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: expiresInSeconds },
    },
    signal,
  });
  const doing = `Asking ${transport.host} for a token of ${namespace}/${serviceAccount}`;
  if (response.status !== 201) throw responseError(doing, response);
  const { token, expirationTimestamp } = record(record(response.body).status);
  if (text(token) && text(expirationTimestamp)) return { token: text(token), expiresAt: text(expirationTimestamp) };
  throw new ServerError(`${doing}: the answer holds none.`, response.status);
}
