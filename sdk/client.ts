import { type DocumentNode, Kind, OperationTypeNode } from 'graphql';
import { getSdk, type Requester } from './generated/operations.js';
import type { CallOptions, GraphClient } from './graph-client.js';

export type Sdk = ReturnType<typeof getSdk<CallOptions>>;

/**
 * Every document of sdk/operations/ as a typed function over `client`: the same for one client, so that what its users ask
 * at the same time can go together. Loads in browsers. Errors are those of GraphClient.
 */
export function createSdk(client: GraphClient): Sdk {
  const known = sdks.get(client);
  if (known) return known;
  const sdk = openSdk(client);
  sdks.set(client, sdk);
  return sdk;
}

const sdks = new WeakMap<GraphClient, Sdk>();

function openSdk(client: GraphClient): Sdk {
  return getSdk<CallOptions>((<Result, Variables extends object>(
    document: DocumentNode,
    variables: Variables | undefined,
    options?: CallOptions,
  ) =>
    isSubscription(document)
      ? client.subscribe<Result, Variables | object>(document, variables ?? {}, options)
      : client.execute<Result, Variables | object>(document, variables ?? {}, options)) as Requester<CallOptions>);
}

function isSubscription(document: DocumentNode): boolean {
  return document.definitions.some(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION && definition.operation === OperationTypeNode.SUBSCRIPTION,
  );
}
