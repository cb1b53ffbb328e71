import { hashText } from '../../../lib/node/hash.js';
import type { CloudIdentity } from '../../cloud/driver.js';
import { refusal } from './refusal.js';

/** By what an account of the simulated cloud is entered; `ambient` is what a machine has of its own. */
export type CloudCredentials =
  | { readonly type: 'ambient' }
  | { readonly type: 'keys'; readonly accessKeyId: string; readonly secretAccessKey: string }
  | { readonly type: 'role'; readonly roleArn: string; readonly externalId: string | null };

/**
 * Whose the credentials are. The simulated cloud takes every one, with these exceptions, which are for trying: `wrong`
 * in a key or role is refused, `expired` has expired, and 12 digits in them are the account that they belong to, whatever
 * account was asked for.
 */
export function authenticate(credentials: CloudCredentials, account: string): CloudIdentity {
  const said = textOf(credentials);
  if (said.includes('wrong')) throw refusal.credential('the credentials are not valid');
  if (said.includes('expired')) throw refusal.credential('the credentials have expired');
  return { accountId: accountIdOf(account), principal: principalOf(credentials) };
}

/** The account that the credentials lead to, when `account` was asked for. */
export function accountOf(credentials: CloudCredentials, account: string): string {
  return /\d{12}/.exec(textOf(credentials))?.[0] ?? account;
}

function textOf(credentials: CloudCredentials): string {
  if (credentials.type === 'keys') return `${credentials.accessKeyId} ${credentials.secretAccessKey}`;
  return credentials.type === 'role' ? credentials.roleArn : '';
}

function principalOf(credentials: CloudCredentials): string {
  if (credentials.type === 'keys') return `key/${credentials.accessKeyId}`;
  return credentials.type === 'role' ? credentials.roleArn : 'machine/sandbox';
}

/** 12 digits, as accounts have them: of a name that has others, they follow from it. */
function accountIdOf(account: string): string {
  if (/^\d{12}$/.test(account)) return account;
  const number = Number.parseInt(hashText(account).slice(0, 12), 16) % 10 ** 12;
  return String(number).padStart(12, '0');
}
