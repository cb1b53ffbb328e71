import { randomBytes } from 'node:crypto';
import type { ExecutionContext, TestFn } from 'ava';
import { createApiDriver } from '../../drivers/kubernetes/api-driver.js';
import type { KubernetesDriver } from '../../drivers/kubernetes/driver.js';
import { GoneError } from '../../drivers/kubernetes/errors.js';
import type { Transport } from '../../drivers/kubernetes/transport.js';
import { registerControllers } from './conformance-controllers.js';
import { registerDefaults } from './conformance-defaults.js';
import { registerEvents } from './conformance-events.js';
import { registerExamples } from './conformance-examples.js';
import { registerHealth } from './conformance-health.js';
import { registerImmutable } from './conformance-immutable.js';
import { registerLogs } from './conformance-logs.js';
import { registerPages } from './conformance-pages.js';
import { registerQuestions } from './conformance-questions.js';
import { registerReads } from './conformance-reads.js';
import { registerRefusals } from './conformance-refusals.js';
import { registerScale } from './conformance-scale.js';
import { registerSchema } from './conformance-schema.js';
import { registerSelectors } from './conformance-selectors.js';
import { registerWrites } from './conformance-writes.js';
import { make } from './make.js';
import { collect, configMaps, ending, signal } from './steps.js';

/** A cluster that the suite runs against. Whoever gives it closes it. */
export interface ConformanceCluster {
  readonly transport: Transport;
  /** A driver whose server is not there. */
  readonly unreachable: KubernetesDriver;
  /** A driver of a cluster that does not accept its credential. */
  readonly refused: KubernetesDriver;
}

/** A cluster, its driver, and a namespace of the test's own in it. */
export type Given = (
  t: ExecutionContext,
) => Promise<ConformanceCluster & { readonly driver: KubernetesDriver; readonly namespace: string }>;

export interface ConformanceOptions {
  readonly test: TestFn;
  open(t: ExecutionContext): Promise<ConformanceCluster>;
  /** A cluster and a version of it that it no longer keeps the changes since. */
  openWithPast(t: ExecutionContext): Promise<{ readonly transport: Transport; readonly resourceVersion: string }>;
  /** A cluster of the test's own, and what makes it forget how anything was before now. */
  openForgetful(t: ExecutionContext): Promise<{ readonly transport: Transport; forget(): Promise<void> }>;
}

/** What every Kubernetes driver must do, registered as tests. Returns what else may be tested on its clusters with. */
export function registerConformance(options: ConformanceOptions): Given {
  const { test } = options;
  const given: Given = async (t) => {
    const cluster = await options.open(t);
    const driver = createApiDriver(cluster.transport);
    const namespace = `conformance-${randomBytes(4).toString('hex')}`;
    await driver.apply(make.namespace(namespace), { force: false, signal });
    return { ...cluster, driver, namespace };
  };
  registerReads(test, given);
  registerPages(test, given, options.openForgetful);
  registerSelectors(test, given);
  registerWrites(test, given);
  registerDefaults(test, given);
  registerSchema(test, given);
  registerImmutable(test, given);
  registerScale(test, given);
  registerRefusals(test, given);
  registerEvents(test, given);
  registerControllers(test, given);
  registerQuestions(test, given);
  registerLogs(test, given);
  registerHealth(test, given);
  registerExamples(test, given);

  test('says that a version is too old to watch from', async (t) => {
    const { transport, resourceVersion } = await options.openWithPast(t);
    const driver = createApiDriver(transport);
    const events = collect(driver.watch(configMaps, { selector: '', resourceVersion, signal: ending(t) }));
    await events.ended;
    t.true(events.error instanceof GoneError, String(events.error));
  });
  return given;
}
