import type { Json, JsonObject } from '../../lib/canonical.js';
import type { SpecOf } from '../../lib/kind.js';
import { listSecretReferences } from '../../model/secrets.js';
import type { terraformStackKind } from '../../schema/kinds/terraform-stack.js';
import { accountOf, everywhere } from '../cloud/account-of.js';
import type { CloudKind } from '../cloud/cloud-kind.js';

/** A run of a Terraform module. Outputs of others are put into its variables before it is looked at. */
export const terraformStack: CloudKind<SpecOf<typeof terraformStackKind>> = {
  kind: 'TerraformStack',
  type: 'stack',
  accountId: accountOf,
  region: () => everywhere,
  propertiesOf({ resource: { spec } }) {
    const variables = Object.entries((spec.variables ?? {}) as JsonObject);
    const isSecret = ([, value]: [string, Json]) => listSecretReferences(value).length > 0;
    return {
      module: spec.module ?? '',
      variables: Object.fromEntries(variables.filter((variable) => !isSecret(variable))),
      secretVariables: Object.fromEntries(variables.filter(isSecret)),
    };
  },
  outputsOf({ seen, kept }) {
    const given = Object.entries(seen?.attributes ?? {});
    return Object.fromEntries(
      given.map(([name, value]) => {
        const reference = seen?.sensitive.includes(name) ? kept[name] : undefined;
        return [name, seen?.sensitive.includes(name) ? reference && { ...reference } : value];
      }),
    );
  },
  secretOutputsOf({ seen }) {
    const { attributes = {}, sensitive = [] } = seen ?? {};
    return Object.fromEntries(
      sensitive.flatMap((name) => (name in attributes ? [[name, textOf(attributes[name])]] : [])),
    );
  },
  hidden: ['secretVariables'],
  immutable: ['module'],
  mayReplace: () => false,
};

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
