import type { CloudAction } from '../../cloud/driver.js';

/** What the cloud answers in the place of success, as it goes over the wire. */
export type CloudRefusal =
  | { readonly code: 'throttled'; readonly message: string; readonly retryAfterMs: number }
  | { readonly code: 'denied'; readonly message: string; readonly action: CloudAction }
  | {
      readonly code: 'quota';
      readonly message: string;
      readonly limitName: string;
      readonly limit: number;
      readonly used: number;
    }
  | { readonly code: 'inUse'; readonly message: string; readonly users: readonly string[] }
  | { readonly code: 'immutable'; readonly message: string; readonly properties: readonly string[] }
  | {
      readonly code:
        | 'credential'
        | 'notFound'
        | 'alreadyExists'
        | 'conflict'
        | 'busy'
        | 'protected'
        | 'invalid'
        | 'server';
      readonly message: string;
    };

/** Thrown inside the simulated cloud; its edge turns it into an answer. */
export class CloudRefusalError extends Error {
  readonly refusal: CloudRefusal;

  constructor(refusal: CloudRefusal) {
    super(refusal.message);
    this.name = 'CloudRefusalError';
    this.refusal = refusal;
  }
}

const plain = (code: 'credential' | 'notFound' | 'alreadyExists' | 'conflict' | 'busy' | 'protected' | 'server') => {
  return (message: string) => new CloudRefusalError({ code, message });
};

/** One function for each thing that can be refused. */
export const refusal = {
  credential: plain('credential'),
  notFound: plain('notFound'),
  alreadyExists: plain('alreadyExists'),
  conflict: plain('conflict'),
  busy: plain('busy'),
  protected: plain('protected'),
  server: plain('server'),
  invalid: (message: string) => new CloudRefusalError({ code: 'invalid', message }),
  throttled: (retryAfterMs: number) =>
    new CloudRefusalError({ code: 'throttled', message: 'the rate of requests is exceeded', retryAfterMs }),
  denied: (principal: string, action: CloudAction) =>
    new CloudRefusalError({ code: 'denied', message: `${principal} may not do ${action}`, action }),
  quota: (limitName: string, limit: number, used: number) =>
    new CloudRefusalError({
      code: 'quota',
      message: `the limit "${limitName}" is ${limit}, and ${used} are in use`,
      limitName,
      limit,
      used,
    }),
  inUse: (users: readonly string[]) =>
    new CloudRefusalError({ code: 'inUse', message: `it is in use by ${users.join(', ')}`, users }),
  immutable: (properties: readonly string[]) =>
    new CloudRefusalError({
      code: 'immutable',
      message: `${properties.join(', ')} cannot be changed once it is there`,
      properties,
    }),
};
