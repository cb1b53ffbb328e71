import type { ApiRequest, Transport } from '../../drivers/kubernetes/transport.js';
import { signal } from './steps.js';

/** One request past the driver, for what the driver itself never asks. Throws for an answer that is no success. */
export async function call<Answer>(
  transport: Transport,
  method: ApiRequest['method'],
  path: string,
  more: Pick<ApiRequest, 'body' | 'contentType' | 'query'> = {},
): Promise<Answer> {
  const response = await transport.request({ method, path, ...more, signal });
  if (response.status < 300) return response.body as Answer;
  const { message = '' } = (response.body ?? {}) as { message?: string };
  throw new Error(`${response.status}: ${message}`);
}

export const mergePatch = 'application/merge-patch+json';
