import { type TProperties, Type } from 'typebox';
import { defineKind } from '../../lib/kind.js';
import { guardrails } from './guardrails.js';
import { closed, nameOf, nothing } from './shapes.js';

/**
 * The definition twin of a kind: reusable configuration with limits. `parameters` are those of the instance's spec;
 * `config` is what only the definition says.
 */
export function defineDefinition<Parameters extends TProperties, Config extends TProperties>(options: {
  readonly of: string;
  readonly parameters: Parameters;
  readonly config: Config;
  readonly fixture: unknown;
}) {
  const { of, parameters, config, fixture } = options;
  return defineKind({
    name: `${of}Definition`,
    plural: `${of}Definitions`,
    docs: `What a ${of} may be: its defaults, and the limits within which an instance may differ.`,
    scope: 'project',
    specVersion: 1,
    upgraders: {},
    spec: closed({
      description: Type.Optional(Type.String()),
      defaults: Type.Optional(closed(parameters, { description: 'What instances get that say nothing else.' })),
      tiers: Type.Optional(
        Type.Array(closed({ tier: nameOf('Tier'), defaults: closed(parameters) }), {
          maxItems: 50,
          description: 'Defaults that differ by the tier of the environment.',
        }),
      ),
      guardrails: Type.Optional(guardrails),
      changes: Type.Optional(
        Type.Union([Type.Literal('atOnce'), Type.Literal('approval')], {
          description:
            'When instances take over a change of this definition. atOnce: in the same changeset. approval: each by an edit with op refresh. Left out: atOnce.',
        }),
      ),
      ...config,
    }),
    observed: nothing,
    outputs: nothing,
    references: [{ path: 'tiers[].tier', kind: 'Tier', scope: 'project' }],
    immutable: [],
    lease: null,
    madeBy: 'user',
    audience: 'platform',
    columns: [{ header: 'DESCRIPTION', path: 'spec.description' }],
    fixtures: { 1: fixture },
  });
}
