import { checkDefinition } from '../../model/check-definition.js';
import { checkKindDefaults } from '../../model/check-kind-defaults.js';
import type { Draft } from './draft.js';
import { checkDeployable } from './releases.js';
import { within } from './within.js';
import type { World } from './world.js';

/** What sets rules for others is refused when it makes no sense, where its author sees it. Throws BadInputError. */
export function checkDefining(world: World, draft: Draft): void {
  const { registry, validator } = world.context;
  const { kind, name, spec } = draft;
  if (kind.name === 'App') checkDeployable(world, draft);
  const isDefinition = registry.kinds.some(({ definedBy }) => definedBy === kind.name);
  within(['spec'], () => {
    if (isDefinition) checkDefinition(kind, name, spec);
    if (kind.name === 'Tier' || kind.name === 'Environment') checkKindDefaults(spec, registry, validator);
  });
}
