import type { CloudDriver } from '../../drivers/cloud/driver.js';
import { NotFoundError } from '../../lib/errors.js';
import { listSecretReferences, resolveSecrets } from '../../model/secrets.js';
import type { ResourceView } from '../../sdk/resource.js';
import type { FencedCall, ResourceClient } from '../../sdk/resource-client.js';
import type { AccountSpec } from './open-cloud.js';

/**
 * The cloud accounts that this process works on: each opened when first asked for, with the credential released for
 * that, and again when the account's spec changed or its credential was refused.
 */
export interface Clouds {
  /** The driver of an account in a region, as it was last opened. */
  get(accountId: string, region: string, call: FencedCall): Promise<CloudDriver>;
  /** The next use opens it anew when the account has another spec than it was opened with. */
  refresh(account: ResourceView<AccountSpec>): Promise<void>;
  /** The next use opens it anew. */
  drop(accountId: string): Promise<void>;
  close(): Promise<void>;
}

export interface CloudsOptions {
  readonly accounts: ResourceClient<AccountSpec>;
  /** `spec` holds plaintext. */
  openCloud(accountId: string, spec: AccountSpec, region: string): CloudDriver;
}

interface Opened {
  readonly generation: number;
  readonly spec: AccountSpec;
  readonly drivers: Map<string, CloudDriver>;
}

/** Opens nothing by itself. */
export function createClouds({ accounts, openCloud }: CloudsOptions): Clouds {
  const opened = new Map<string, Promise<Opened>>();

  const open = async (accountId: string, call: FencedCall): Promise<Opened> => {
    const account = await accounts.get(accountId, call);
    if (!account) throw new NotFoundError(`The CloudAccount ${accountId} is gone, so nothing can be done in it.`);
    return { generation: account.generation, spec: await withCredential(account, accounts, call), drivers: new Map() };
  };
  const openOnce = (accountId: string, call: FencedCall): Promise<Opened> => {
    const known = opened.get(accountId);
    if (known) return known;
    const opening = open(accountId, call);
    opened.set(accountId, opening);
    opening.catch(() => {
      if (opened.get(accountId) === opening) opened.delete(accountId);
    });
    return opening;
  };
  const drop = async (accountId: string): Promise<void> => {
    const known = opened.get(accountId);
    opened.delete(accountId);
    const drivers = (await known?.catch(() => null))?.drivers.values() ?? [];
    await Promise.all([...drivers].map((driver) => driver.close()));
  };

  return {
    async get(accountId, region, call) {
      const { spec, drivers } = await openOnce(accountId, call);
      const known = drivers.get(region);
      if (known) return known;
      const driver = openCloud(accountId, spec, region);
      drivers.set(region, driver);
      return driver;
    },
    async refresh({ id, generation }) {
      const known = await opened.get(id)?.catch(() => null);
      if (known && known.generation < generation) await drop(id);
    },
    drop,
    async close() {
      await Promise.all([...opened.keys()].map(drop));
    },
  };
}

async function withCredential(
  account: ResourceView<AccountSpec>,
  accounts: ResourceClient<AccountSpec>,
  call: FencedCall,
): Promise<AccountSpec> {
  if (listSecretReferences(account.spec).length === 0) return account.spec;
  const released = await accounts.releaseCredential(account.id, call);
  // By id alone: what was renewed has a higher version than the spec names.
  const values = new Map(released.map(({ id, value }) => [id, value]));
  return resolveSecrets(account.spec, ({ $secret }) => values.get($secret.id) ?? null);
}
