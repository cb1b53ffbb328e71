import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';

/**
 * What a document asks for below a field, fragments included. Type conditions and directives are not looked at: it names
 * at least what is needed, never less.
 */
export interface Selection {
  has(field: string): boolean;
  /** Below that field. Empty when it is not asked for. */
  at(field: string): Selection;
  /** What either of both asks for. */
  and(other: Selection): Selection;
  readonly names: readonly string[];
  /** The fields that it is below. */
  nodes(): readonly FieldNode[];
}

type Fragments = GraphQLResolveInfo['fragments'];

export function selectionOf({
  fieldNodes,
  fragments,
}: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>): Selection {
  const known = selections.get(fieldNodes) ?? below(fieldNodes, fragments);
  selections.set(fieldNodes, known);
  return known;
}

/** The items of a list share their field nodes, and runs of a compiled document do. */
const selections = new WeakMap<readonly FieldNode[], Selection>();

function below(nodes: readonly FieldNode[], fragments: Fragments): Selection {
  const fields = new Map<string, FieldNode[]>();
  const seen = new Set<SelectionSetNode>();
  for (const node of nodes) if (node.selectionSet) collect(node.selectionSet, fragments, fields, seen);
  const parts = new Map<string, Selection>();
  const at = (field: string): Selection => {
    const known = parts.get(field) ?? below(fields.get(field) ?? [], fragments);
    parts.set(field, known);
    return known;
  };
  const self: Selection = {
    has: (field) => fields.has(field),
    at,
    and: (other) => (other.names.length === 0 ? self : below([...nodes, ...other.nodes()], fragments)),
    nodes: () => nodes,
    names: [...fields.keys()],
  };
  return self;
}

function collect(
  set: SelectionSetNode,
  fragments: Fragments,
  into: Map<string, FieldNode[]>,
  seen: Set<SelectionSetNode>,
): void {
  if (seen.has(set)) return;
  seen.add(set);
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      const name = selection.name.value;
      into.set(name, [...(into.get(name) ?? []), selection]);
      continue;
    }
    const nested =
      selection.kind === Kind.FRAGMENT_SPREAD ? fragments[selection.name.value]?.selectionSet : selection.selectionSet;
    if (nested) collect(nested, fragments, into, seen);
  }
}
