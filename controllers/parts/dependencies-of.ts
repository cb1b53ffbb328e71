import type { ChildView, LinkView } from '../../sdk/resource.js';

/** What the parts take outputs of and is not one of them: dependencies that are shared with others. Each once. Pure. */
export function dependenciesOf(parts: readonly Pick<ChildView, 'id' | 'references'>[]): readonly LinkView[] {
  const own = new Set(parts.map(({ id }) => id));
  const links = parts.flatMap(({ references }) => references).filter(({ path, id }) => isBound(path) && !own.has(id));
  return [...new Map(links.map((link) => [link.id, link])).values()];
}

const isBound = (path: string) => path.startsWith('bindings.');
