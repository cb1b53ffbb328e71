import type { JsonObject } from '../../lib/canonical.js';

/**
 * What each type of cloud resource takes as `properties`, and gives as `attributes`. A property that cannot be changed
 * later is marked: immutable. One that no read ever shows is marked: secret. `network`, `cluster` and `zone` are names of
 * resources of these types, which must be available.
 */
export interface CloudShapes {
  readonly network: {
    readonly properties: {
      /** `10.0.0.0/16`. Immutable. */
      readonly cidr: string;
      /** 3 when left out. It can grow. */
      readonly zones?: number;
    };
    readonly attributes: { readonly id: string; readonly cidr: string; readonly subnetIds: readonly string[] };
  };
  readonly cluster: {
    readonly properties: {
      /** Immutable. */
      readonly network: string;
      /** `1.36`. It can be raised. */
      readonly version?: string;
      /** By which its Kubernetes API is reached in the sandbox: `cloud-` and more. Immutable. */
      readonly kubernetesName: string;
    };
    readonly attributes: {
      readonly id: string;
      readonly endpoint: string;
      readonly version: string;
      readonly kubernetesName: string;
    };
  };
  readonly nodeGroup: {
    readonly properties: {
      /** Immutable. */
      readonly cluster: string;
      /** Of a node. Immutable. */
      readonly cpu: number;
      /** Of a node, in GiB. Immutable. */
      readonly memoryGib: number;
      readonly nodes: number;
      /** Of its nodes. */
      readonly labels?: Readonly<Record<string, string>>;
      readonly isSpot?: boolean;
    };
    readonly attributes: { readonly id: string; readonly nodes: number };
  };
  readonly database: {
    readonly properties: {
      /** `postgres`, `mysql` or `mariadb`. Immutable. */
      readonly engine: string;
      /** It can be raised. */
      readonly engineVersion: string;
      /** As the cloud names its classes. */
      readonly size: string;
      /** It can grow. */
      readonly storageGb: number;
      readonly port?: number;
      /** Immutable. */
      readonly databaseName: string;
      /** Immutable. */
      readonly user: string;
      /** Secret. */
      readonly password: string;
      /** Immutable. */
      readonly network?: string;
      /** Immutable. */
      readonly isEncrypted?: boolean;
      readonly isMultiZone?: boolean;
      readonly backupDays?: number;
      readonly isProtected?: boolean;
      /** A last snapshot is kept when it is deleted. */
      readonly finalSnapshot?: boolean;
    };
    readonly attributes: {
      readonly id: string;
      /** Another one when it was made anew. */
      readonly host: string;
      readonly port: number;
      readonly databaseName: string;
      readonly user: string;
    };
  };
  /** Made by the cloud when a database goes; nobody else can make one. */
  readonly snapshot: {
    readonly properties: { readonly database: string; readonly engine: string; readonly storageGb: number };
    readonly attributes: { readonly id: string };
  };
  readonly bucket: {
    readonly properties: { readonly isVersioned?: boolean; readonly isPublic?: boolean };
    readonly attributes: {
      readonly id: string;
      readonly bucket: string;
      readonly url: string;
      /** The role of those who may use it. */
      readonly identity: string;
    };
  };
  readonly zone: {
    readonly properties: {
      /** `example.org`. Immutable. */
      readonly domain: string;
      /** Immutable. */
      readonly isPrivate?: boolean;
    };
    readonly attributes: { readonly id: string; readonly domain: string; readonly nameServers: readonly string[] };
  };
  readonly record: {
    readonly properties: {
      /** Immutable. */
      readonly zone: string;
      /** Within the zone: `shop`, or `@` for the zone itself. Immutable. */
      readonly host: string;
      /** `A`, `CNAME`, `TXT`... Immutable. */
      readonly recordType: string;
      readonly values: readonly string[];
      readonly ttlSeconds?: number;
    };
    readonly attributes: { readonly id: string; readonly domain: string };
  };
  readonly secret: {
    readonly properties: {
      /** Secret. */
      readonly value: string;
    };
    readonly attributes: { readonly id: string };
  };
  readonly service: {
    readonly properties: {
      /** What is ordered, as its maker names it. Immutable. */
      readonly product: string;
      /** What its maker calls the size of it. */
      readonly plan?: string;
      /** As its maker's API takes them. */
      readonly parameters?: JsonObject;
      /** Dotted paths at which an answer is wanted: a simulated maker gives one there. */
      readonly answers?: readonly string[];
      /** Secret: with what its maker's API is called. */
      readonly credential?: string;
    };
    /** What its maker answers, as it is. */
    readonly attributes: { readonly id: string; readonly [field: string]: unknown };
  };
  readonly stack: {
    readonly properties: {
      /** Of the catalogue in drivers/sandbox/cloud/modules.ts. Immutable. */
      readonly module: string;
      readonly variables?: JsonObject;
      /** Secret: more of them. */
      readonly secretVariables?: JsonObject;
    };
    /** The outputs of the module. */
    readonly attributes: JsonObject;
  };
}
