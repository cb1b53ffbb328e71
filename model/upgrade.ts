import type { KindDefinition } from '../lib/kind.js';

/** Reads a spec of an older version through the kind's upgraders. Throws when it is newer than this program or a step is missing. */
export function upgradeSpec(kind: KindDefinition, specVersion: number, spec: unknown): unknown {
  if (specVersion > kind.specVersion) {
    throw new Error(
      `A ${kind.name} was written with spec version ${specVersion}; this program knows up to ${kind.specVersion}. Upgrade it.`,
    );
  }
  let current = spec;
  for (let version = specVersion; version < kind.specVersion; version++) {
    const upgrade = kind.upgraders[version];
    if (!upgrade) throw new Error(`${kind.name} has no upgrader from spec version ${version} to ${version + 1}.`);
    current = upgrade(current);
  }
  return current;
}
