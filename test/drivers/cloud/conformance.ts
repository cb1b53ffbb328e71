import { randomBytes } from 'node:crypto';
import type { ExecutionContext, TestFn } from 'ava';
import type { CloudDriver } from '../../../drivers/cloud/driver.js';
import { registerDeletions } from './conformance-deletions.js';
import { registerReads } from './conformance-reads.js';
import { registerRefusals } from './conformance-refusals.js';
import { registerWrites } from './conformance-writes.js';

/** An account that the suite runs against. Whoever gives it closes it. */
export interface ConformanceAccount {
  readonly driver: CloudDriver;
  /** A driver whose cloud is not there. */
  readonly unreachable: CloudDriver;
  /** A driver whose credentials are wrong. */
  readonly refused: CloudDriver;
  /** As an app does. */
  putIntoBucket(name: string, objects: Readonly<Record<string, string>>): Promise<void>;
}

/** An account, and a name that no other test has. */
export type Given = (t: ExecutionContext) => Promise<ConformanceAccount & { readonly name: string }>;

export interface ConformanceOptions {
  readonly test: TestFn;
  open(t: ExecutionContext): Promise<ConformanceAccount>;
}

/** What every cloud driver must do, registered as tests. */
export function registerConformance(options: ConformanceOptions): void {
  const { test } = options;
  const given: Given = async (t) => ({
    ...(await options.open(t)),
    name: `t-${randomBytes(6).toString('hex')}`,
  });
  registerReads(test, given);
  registerWrites(test, given);
  registerDeletions(test, given);
  registerRefusals(test, given);
}
