import type { Json, JsonObject } from '../../../lib/canonical.js';
import { refusal } from './refusal.js';

/** What a simulated Terraform module does: outputs from variables, and `id`, which is new with each new stack. */
export interface CloudModule {
  readonly docs: string;
  /** Those of its outputs that are sensitive. */
  readonly sensitive: readonly string[];
  outputs(variables: JsonObject, id: string): JsonObject;
}

/** The catalogue: what a stack of the sandbox can be of. */
export const cloudModules: Readonly<Record<string, CloudModule>> = {
  network: {
    docs: 'A network: cidr -> vpc_id, cidr, subnet_ids.',
    sensitive: [],
    outputs(variables, id) {
      const cidr = text(variables, 'cidr', '10.0.0.0/16');
      if (!/^\d+\.\d+\.\d+\.\d+\/\d+$/.test(cidr)) throw refusal.invalid(`the variable cidr cannot be "${cidr}"`);
      return { vpc_id: `vpc-${id}`, cidr, subnet_ids: ['a', 'b', 'c'].map((zone) => `subnet-${id}-${zone}`) };
    },
  },
  cache: {
    docs: 'A cache: name, size -> endpoint, port, size, auth_token.',
    sensitive: ['auth_token'],
    outputs(variables, id) {
      const name = text(variables, 'name', null);
      const size = text(variables, 'size', 'small');
      return {
        endpoint: `${name}-${id}.cache.sandbox.internal`,
        port: 6379,
        size,
        auth_token: `token-${id}`,
      };
    },
  },
  echo: {
    docs: 'Nothing: every variable is an output of the same name.',
    sensitive: [],
    outputs: (variables) => variables,
  },
};

function text(variables: JsonObject, name: string, fallback: string | null): string {
  const value: Json | null = variables[name] ?? fallback;
  if (typeof value === 'string') return value;
  throw refusal.invalid(value === null ? `the variable ${name} is missing` : `the variable ${name} must be a text`);
}
