import { Type } from 'typebox';
import { defineKind } from '../../lib/kind.js';
import { closed, offeredNameOf, outputBindings } from './shapes.js';

/** What an instance may say, and its definition may give. */
export const terraformStackParameters = {
  account: Type.Optional(offeredNameOf('CloudAccount')),
  module: Type.Optional(
    Type.String({ minLength: 1, description: 'The module: in the sandbox one of network, cache and echo.' }),
  ),
  variables: Type.Optional(
    Type.Object(
      {},
      { additionalProperties: true, description: 'By name; { $output } takes an output of another resource.' },
    ),
  ),
};

export const terraformStackKind = defineKind({
  name: 'TerraformStack',
  plural: 'TerraformStacks',
  docs: 'What a Terraform module makes, with its outputs.',
  scope: 'environment',
  specVersion: 1,
  upgraders: {},
  spec: closed({
    definition: Type.Optional(offeredNameOf('TerraformStackDefinition')),
    ...terraformStackParameters,
    bindings: Type.Optional(outputBindings),
  }),
  observed: closed({
    cloudId: Type.Optional(Type.String({ description: 'What its provider calls it.' })),
    state: Type.Optional(Type.String({ description: 'As its provider says: creating, available…' })),
  }),
  outputs: Type.Object({}, { additionalProperties: true, description: 'As the module gives them.' }),
  references: [
    { path: 'definition', kind: 'TerraformStackDefinition', scope: 'project' },
    { path: 'account', kind: 'CloudAccount', scope: 'project' },
    { path: 'bindings[].resource', kind: '*', scope: 'environment' },
  ],
  immutable: ['account'],
  lease: { per: 'reference', path: 'account' },
  madeBy: 'user',
  definedBy: 'TerraformStackDefinition',
  requiredOnceFilled: ['account', 'module'],
  defaults: { account: 'sandbox' },
  columns: [
    { header: 'DEFINITION', path: 'spec.definition' },
    { header: 'MODULE', path: 'spec.module' },
  ],
  fixtures: { 1: { definition: 'cache', account: 'cloud', module: 'cache', variables: { size: 'small' } } },
});
