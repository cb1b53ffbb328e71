/** The base of what a cloud can answer but success. `message` names the request; nothing in it is secret. */
export class CloudError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Thrown when there was no answer. Whether a write happened is not known: the next look tells. */
export class UnreachableError extends CloudError {}

/** Thrown when too much was asked. Ask again after `retryAfterMs`; nothing happened. */
export class ThrottledError extends CloudError {
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs: number) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

/** Thrown when the credentials are wrong or have expired. Give others. */
export class CredentialRefusedError extends CloudError {}

/** Thrown when the credentials are good but may not do this. Grant `action`. */
export class DeniedError extends CloudError {
  /** Such as `database:create`. */
  readonly action: string;

  constructor(message: string, action: string) {
    super(message);
    this.action = action;
  }
}

/** Thrown when the account has as many as it may have. Raise the limit or free some; nothing is wrong with the request. */
export class QuotaError extends CloudError {
  /** As the account's page of limits names it. */
  readonly limitName: string;
  readonly limit: number;
  readonly used: number;

  constructor(message: string, limit: { readonly limitName: string; readonly limit: number; readonly used: number }) {
    super(message);
    this.limitName = limit.limitName;
    this.limit = limit.limit;
    this.used = limit.used;
  }
}

/** Thrown where a write needs what is not there: the resource itself, or what it is to be made in. */
export class NotFoundError extends CloudError {}

/** Thrown when the name is taken. Look who has it: a lost reply may have made it. */
export class AlreadyExistsError extends CloudError {}

/** Thrown when it, or what it is in, is not in a state in which this can be done. Look again, then decide again. */
export class ConflictError extends CloudError {}

/** Thrown while a change of it is under way. It can be done once that is over. */
export class BusyError extends ConflictError {}

/** Thrown when a deletion is refused because others are in it. Delete these first. */
export class InUseError extends ConflictError {
  /** Each as `type name`, at most ten. */
  readonly users: readonly string[];

  constructor(message: string, users: readonly string[]) {
    super(message);
    this.users = users;
  }
}

/** Thrown when a deletion is refused because the resource says so, or holds something. Change or empty it first. */
export class ProtectedError extends ConflictError {}

/** Thrown when the cloud does not take the request as it is. Only another one helps; its sentence says why. */
export class InvalidError extends CloudError {}

/** Thrown when an update would change what cannot be changed. The resource has to be made anew. */
export class ImmutablePropertyError extends InvalidError {
  readonly properties: readonly string[];

  constructor(message: string, properties: readonly string[]) {
    super(message);
    this.properties = properties;
  }
}

/** Thrown when the cloud failed at it. Ask again. */
export class ServerError extends CloudError {}
