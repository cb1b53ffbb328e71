import type { ExpandedShared, Expander } from './expander.js';

/** The account that is there for whoever names none, in the simulated cloud. */
const sandboxAccount = 'sandbox';

/** Made when somebody first needs it and nobody made another one. */
export function sandboxAccountFor(account: unknown): readonly ExpandedShared[] {
  if (account !== sandboxAccount) return [];
  const spec = { provider: 'sandbox', location: 'local' };
  return [{ kind: 'CloudAccount', name: sandboxAccount, spec, layers: { '': 'layer:default' }, keep: false }];
}

/** What kinds need that are in an account, and nothing else. */
export const expandInAccount: Expander = ({ resource }) => ({
  owned: [],
  shared: sandboxAccountFor(resource.spec.account),
  references: [],
});
