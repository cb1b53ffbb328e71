import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * How many fields the compiled form of an operation has: one that leads to an interface is compiled anew for each of its
 * types, so that interfaces below each other multiply. Stops counting above `bound`.
 */
export function compiledSize(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  bound: number,
): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  // By type, for a fragment is walked once for each type that it is spread on.
  const known = new Map<SelectionSetNode, Map<string, number>>();

  const sizeOn = (set: SelectionSetNode, type: GraphQLNamedType): number => {
    const byType = known.get(set) ?? new Map<string, number>();
    known.set(set, byType);
    const measured = byType.get(type.name);
    if (measured !== undefined) return measured;
    const size = Math.min(
      bound + 1,
      set.selections.reduce((sum, selection) => sum + sizeOf(selection, type), 0),
    );
    byType.set(type.name, size);
    return size;
  };
  const sizeOf = (selection: SelectionSetNode['selections'][number], type: GraphQLNamedType): number => {
    if (selection.kind === Kind.FIELD) {
      if (!selection.selectionSet) return 1;
      const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[selection.name.value] : undefined;
      const target = field && getNamedType(field.type);
      if (!target) return 1;
      const { selectionSet } = selection;
      const types = isAbstractType(target) ? schema.getPossibleTypes(target) : [target];
      return 1 + types.reduce((sum, each) => sum + sizeOn(selectionSet, each), 0);
    }
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    if (!fragment) return 0;
    const condition = fragment.typeCondition && schema.getType(fragment.typeCondition.name.value);
    const isOther = isObjectType(condition) && isObjectType(type) && condition !== type;
    return isOther ? 0 : sizeOn(fragment.selectionSet, type);
  };

  const root = schema.getRootType(operation.operation);
  return root ? sizeOn(operation.selectionSet, root) : 0;
}
