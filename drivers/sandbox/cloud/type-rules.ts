import { isJsonObject, type Json, type JsonObject } from '../../../lib/canonical.js';
import type { CloudType } from '../../cloud/driver.js';
import { cloudModules } from './modules.js';
import type { PropertyRules } from './property-rules.js';
import { refusal } from './refusal.js';
import { serviceAnswer } from './service-answer.js';

/** What the simulated cloud knows of one type. The shapes are those of drivers/cloud/properties.ts. */
export interface TypeRules {
  readonly properties: PropertyRules;
  /** Begins the ids of its resources. */
  readonly idPrefix: string;
  /** How many an account may have in a region, unless a fault says otherwise. */
  readonly limit: number;
  /** What it is made in: each of `properties` that is the name of a resource of that type. */
  readonly within: Readonly<Record<string, CloudType>>;
  /** Beyond what the rules of its properties say. Throws a refusal. */
  check?(properties: JsonObject): void;
  /** What no two resources of the type may share, in words; null where nothing is. */
  claim?(properties: JsonObject): string;
  /** `suffix` is the part of the id that is new with each new resource; `parent` are the properties of what it is in. */
  attributes(made: { readonly id: string; readonly suffix: string }, own: JsonObject, parent: JsonObject): JsonObject;
  sensitive?(properties: JsonObject): readonly string[];
}

const cidr = /^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/;
const version = /^\d+(\.\d+)*$/;
const label = /^[a-z0-9_]([-a-z0-9_]*[a-z0-9_])?$/i;
const domain = /^([a-z0-9]([-a-z0-9]*[a-z0-9])?\.)+[a-z]{2,}$/;

/** The names of Kubernetes clusters that are there only as long as a cloud's cluster is. */
export const cloudClusterPattern = /^cloud-[-a-z0-9]+$/;

const portOf: Readonly<Record<string, number>> = { postgres: 5432, mysql: 3306, mariadb: 3306 };

export const typeRules: Readonly<Record<CloudType, TypeRules>> = {
  network: {
    properties: {
      cidr: { is: 'text', pattern: cidr, isImmutable: true },
      zones: { is: 'number', fallback: 3, minimum: 1, maximum: 6, canOnlyGrow: true },
    },
    idPrefix: 'vpc',
    limit: 20,
    within: {},
    attributes: ({ id, suffix }, own) => ({
      id,
      cidr: own.cidr ?? '',
      subnetIds: Array.from({ length: Number(own.zones) }, (_, index) => `subnet-${suffix}-${index + 1}`),
    }),
  },
  cluster: {
    properties: {
      network: { is: 'text', isImmutable: true },
      version: { is: 'text', fallback: '1.36', pattern: version, canOnlyGrow: true },
      kubernetesName: { is: 'text', pattern: cloudClusterPattern, isImmutable: true },
    },
    idPrefix: 'cluster',
    limit: 50,
    within: { network: 'network' },
    claim: (own) => `the Kubernetes name ${own.kubernetesName}`,
    attributes: ({ id, suffix }, own) => ({
      id,
      endpoint: `https://${suffix}.clusters.sandbox.internal`,
      version: own.version ?? '',
      kubernetesName: own.kubernetesName ?? '',
    }),
  },
  nodeGroup: {
    properties: {
      cluster: { is: 'text', isImmutable: true },
      cpu: { is: 'number', minimum: 1, isImmutable: true },
      memoryGib: { is: 'number', minimum: 1, isImmutable: true },
      nodes: { is: 'number', minimum: 0, maximum: 1000 },
      labels: { is: 'object', fallback: {} },
      isSpot: { is: 'boolean', fallback: false, isImmutable: true },
    },
    idPrefix: 'nodes',
    limit: 100,
    within: { cluster: 'cluster' },
    attributes: ({ id }, own) => ({ id, nodes: own.nodes ?? 0 }),
  },
  database: {
    properties: {
      engine: { is: 'text', pattern: /^(postgres|mysql|mariadb)$/, isImmutable: true },
      engineVersion: { is: 'text', pattern: version, canOnlyGrow: true },
      size: { is: 'text' },
      storageGb: { is: 'number', minimum: 5, maximum: 65_536, canOnlyGrow: true },
      port: { is: 'number', isOptional: true, minimum: 1024, maximum: 65_535 },
      databaseName: { is: 'text', pattern: /^[a-z][a-z0-9_]{0,62}$/i, isImmutable: true },
      user: { is: 'text', pattern: /^[a-z][a-z0-9_]{0,30}$/i, isImmutable: true },
      password: { is: 'text', pattern: /^.{8,}$/, isSecret: true },
      network: { is: 'text', isOptional: true, isImmutable: true },
      isEncrypted: { is: 'boolean', fallback: true, isImmutable: true },
      isMultiZone: { is: 'boolean', fallback: false },
      backupDays: { is: 'number', fallback: 0, minimum: 0, maximum: 35 },
      isProtected: { is: 'boolean', fallback: false },
      finalSnapshot: { is: 'boolean', fallback: false },
    },
    idPrefix: 'db',
    limit: 100,
    within: { network: 'network' },
    attributes: ({ id, suffix }, own) => ({
      id,
      host: `${suffix}.databases.sandbox.internal`,
      port: own.port ?? portOf[String(own.engine)] ?? 0,
      databaseName: own.databaseName ?? '',
      user: own.user ?? '',
    }),
  },
  snapshot: {
    properties: {
      database: { is: 'text', isImmutable: true },
      engine: { is: 'text', isImmutable: true },
      storageGb: { is: 'number', isImmutable: true },
    },
    idPrefix: 'snapshot',
    limit: 1000,
    within: {},
    check: () => {
      throw refusal.invalid('a snapshot is made when a database is deleted');
    },
    attributes: ({ id }) => ({ id }),
  },
  bucket: {
    properties: {
      isVersioned: { is: 'boolean', fallback: false },
      isPublic: { is: 'boolean', fallback: false },
    },
    idPrefix: 'bucket',
    limit: 100,
    within: {},
    attributes: ({ id, suffix }) => ({
      id,
      bucket: `bucket-${suffix}`,
      url: `https://bucket-${suffix}.buckets.sandbox.internal`,
      identity: `role/bucket-${suffix}`,
    }),
  },
  zone: {
    properties: {
      domain: { is: 'text', pattern: domain, isImmutable: true },
      isPrivate: { is: 'boolean', fallback: false, isImmutable: true },
    },
    idPrefix: 'zone',
    limit: 50,
    within: {},
    attributes: ({ id, suffix }, own) => ({
      id,
      domain: own.domain ?? '',
      nameServers: [1, 2].map((number) => `ns${number}-${suffix}.dns.sandbox.internal`),
    }),
  },
  record: {
    properties: {
      zone: { is: 'text', isImmutable: true },
      host: { is: 'text', pattern: /^(@|(\*\.)?[-a-z0-9_.]+|\*)$/, isImmutable: true },
      recordType: { is: 'text', pattern: /^(A|AAAA|CNAME|TXT|MX|SRV|CAA|NS)$/, isImmutable: true },
      values: { is: 'texts' },
      ttlSeconds: { is: 'number', fallback: 300, minimum: 0 },
    },
    idPrefix: 'record',
    limit: 10_000,
    within: { zone: 'zone' },
    check: ({ values, recordType }) => {
      const count = Array.isArray(values) ? values.length : 0;
      if (count === 0) throw refusal.invalid('the property values is empty');
      if (recordType === 'CNAME' && count > 1) throw refusal.invalid('a CNAME has one value');
    },
    claim: (own) => `the ${own.recordType} record of ${own.host} in ${own.zone}`,
    attributes: ({ id }, own, zone) => ({
      id,
      domain: own.host === '@' ? String(zone.domain) : `${own.host}.${zone.domain}`,
    }),
  },
  secret: {
    properties: { value: { is: 'text', isSecret: true } },
    idPrefix: 'secret',
    limit: 5000,
    within: {},
    attributes: ({ id }) => ({ id }),
  },
  service: {
    properties: {
      product: { is: 'text', pattern: label, isImmutable: true },
      plan: { is: 'text', fallback: '' },
      parameters: { is: 'object', fallback: {} },
      answers: { is: 'texts', fallback: [] },
      credential: { is: 'text', isOptional: true, isSecret: true },
    },
    idPrefix: 'service',
    limit: 500,
    within: {},
    attributes: serviceAnswer,
  },
  stack: {
    properties: {
      module: { is: 'text', isImmutable: true },
      variables: { is: 'object', fallback: {} },
      secretVariables: { is: 'object', fallback: {}, isSecret: true },
    },
    idPrefix: 'stack',
    limit: 200,
    within: {},
    check: (own) => void moduleOf(own).outputs(variablesOf(own), 'none'),
    attributes: ({ suffix }, own) => moduleOf(own).outputs(variablesOf(own), suffix),
    // What a module gives on as it was given is as secret as it was.
    sensitive: (own) => [...moduleOf(own).sensitive, ...Object.keys(record(own.secretVariables))],
  },
};

function moduleOf({ module }: JsonObject) {
  const found = cloudModules[String(module)];
  if (found) return found;
  throw refusal.invalid(`there is no module "${String(module)}"; there are ${Object.keys(cloudModules).join(', ')}`);
}

function record(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function variablesOf({ variables, secretVariables }: JsonObject): JsonObject {
  return { ...record(variables), ...record(secretVariables) };
}
