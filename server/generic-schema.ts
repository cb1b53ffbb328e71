import {
  type GraphQLFieldConfigMap,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLNullableType,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

type GraphQLNullableOutput = ConstructorParameters<typeof GraphQLNonNull<GraphQLNullableType & GraphQLOutputType>>[0];

/**
 * The schema with one object type, `Resource`, in the place of the interfaces. What a document asks of any resource by
 * these is resolved in the same way for every kind, so it need not be compiled for each. A document that makes a
 * difference between kinds is not valid here: it needs the whole schema.
 */
export function genericSchema(schema: GraphQLSchema): GraphQLSchema {
  const kinds = new Set(
    Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) && type.getInterfaces().length > 0),
  );
  const made = new Map<string, GraphQLObjectType>();

  const mapped = (type: GraphQLOutputType): GraphQLOutputType => {
    if (isNonNullType(type)) return new GraphQLNonNull(mapped(type.ofType) as GraphQLNullableOutput);
    if (isListType(type)) return new GraphQLList(mapped(type.ofType));
    const named = getNamedType(type);
    if (isAbstractType(named)) return resource;
    return isObjectType(named) ? objectOf(named) : type;
  };
  const fieldsOf = (fields: GraphQLFieldConfigMap<unknown, unknown>) =>
    Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, { ...field, type: mapped(field.type) }]));
  const objectOf = (type: GraphQLObjectType): GraphQLObjectType => {
    const known = made.get(type.name);
    if (known) return known;
    const { fields, ...config } = type.toConfig();
    const object = new GraphQLObjectType({ ...config, interfaces: [], fields: () => fieldsOf(fields) });
    made.set(type.name, object);
    return object;
  };
  const resource = new GraphQLObjectType({
    name: 'Resource',
    fields: () => {
      const interfaces = Object.values(schema.getTypeMap()).filter(isInterfaceType);
      const names = interfaces.flatMap((type) => Object.keys(type.getFields()));
      const [example] = [...kinds].filter(isObjectType);
      const fields = Object.entries(example?.toConfig().fields ?? {}).filter(([name]) => names.includes(name));
      return fieldsOf(Object.fromEntries(fields));
    },
  });

  const [query, subscription] = [schema.getQueryType(), schema.getSubscriptionType()];
  return new GraphQLSchema({
    // As valid as what it is made of.
    assumeValid: true,
    query: query ? objectOf(query) : null,
    subscription: subscription ? objectOf(subscription) : null,
  });
}
