import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';

/** What a document asks for, fragments spread in; of its operations, the most. */
export interface DocumentSize {
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
}

/**
 * Measures without validating: it runs first, because validation itself costs more than linear time on hostile documents.
 * Each fragment is walked once, whatever the number of its spreads; a cycle counts as nothing, for validation refuses it.
 */
export function measureDocument(document: DocumentNode): DocumentSize {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const known = new Map<string, DocumentSize>();

  const ofFragment = (name: string): DocumentSize => {
    const measured = known.get(name);
    if (measured) return measured;
    known.set(name, nothing);
    const fragment = fragments.get(name);
    const size = fragment ? ofSelections(fragment.selectionSet) : nothing;
    known.set(name, size);
    return size;
  };
  const ofSelections = (set: SelectionSetNode): DocumentSize => {
    let size = nothing;
    for (const selection of set.selections) {
      switch (selection.kind) {
        case Kind.FRAGMENT_SPREAD:
          size = sum(size, ofFragment(selection.name.value));
          break;
        case Kind.INLINE_FRAGMENT:
          size = sum(size, ofSelections(selection.selectionSet));
          break;
        case Kind.FIELD: {
          const below = selection.selectionSet ? ofSelections(selection.selectionSet) : nothing;
          const self = { depth: below.depth + 1, fields: below.fields + 1, aliases: below.aliases };
          size = sum(size, selection.alias ? { ...self, aliases: self.aliases + 1 } : self);
        }
      }
    }
    return size;
  };

  let most = nothing;
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const size = ofSelections(definition.selectionSet);
    most = {
      depth: Math.max(most.depth, size.depth),
      fields: Math.max(most.fields, size.fields),
      aliases: Math.max(most.aliases, size.aliases),
    };
  }
  return most;
}

const nothing: DocumentSize = { depth: 0, fields: 0, aliases: 0 };

const sum = (a: DocumentSize, b: DocumentSize): DocumentSize => ({
  depth: Math.max(a.depth, b.depth),
  fields: a.fields + b.fields,
  aliases: a.aliases + b.aliases,
});
