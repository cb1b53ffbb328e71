import type { CloudResource } from '../../drivers/cloud/driver.js';
import type { SecretReference } from '../../lib/kind.js';
import { hashJson } from '../../lib/node/hash.js';
import type { ResourceView } from '../../sdk/resource.js';

/** Tags that every resource in a cloud carries. */
export const cloudTags = {
  /** Id of the resource that it is for. */
  resource: 'portolan.dev/resource',
  kind: 'portolan.dev/kind',
  name: 'portolan.dev/name',
  /** Generation at which it was written last: whoever sees a higher one than its own is late and stops. */
  generation: 'portolan.dev/generation',
  /** Says which versions of its secrets it has, for no read shows them. */
  secrets: 'portolan.dev/secrets',
  /** Its resource is gone and it was kept: it belongs to nobody. */
  retained: 'portolan.dev/retained',
} as const;

/** The tags of a write by a pass that saw `resource`. */
export function tagsFor(
  { id, kind, name, generation }: Pick<ResourceView, 'id' | 'kind' | 'name' | 'generation'>,
  secrets: readonly SecretReference[],
): Readonly<Record<string, string>> {
  return {
    [cloudTags.resource]: id,
    [cloudTags.kind]: kind,
    [cloudTags.name]: name,
    [cloudTags.generation]: String(generation),
    ...(secrets.length > 0 && { [cloudTags.secrets]: versionsText(secrets) }),
  };
}

/** The tags in which it differs from `wanted`, but for the generation, which says nothing of what it is. */
export function differingTags(wanted: Readonly<Record<string, string>>, { tags }: CloudResource): readonly string[] {
  const names = new Set([...Object.keys(wanted), cloudTags.secrets]);
  names.delete(cloudTags.generation);
  return [...names].filter((name) => tags[name] !== wanted[name]);
}

function versionsText(secrets: readonly SecretReference[]): string {
  const versions = secrets.map(({ $secret: { id, version } }) => `${id}@${version}`).sort();
  return hashJson([...new Set(versions)]).slice(0, HASH_LENGTH);
}

/** Enough to tell two apart. */
const HASH_LENGTH = 16;
