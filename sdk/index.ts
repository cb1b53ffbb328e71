/** The SDK for programs: everything of ./client.js, and what it takes to write a controller. */
export { createSdk, type Sdk } from './client.js';
export { type Change, followChanges } from './follow-changes.js';
export { type FollowedLogs, followLogs } from './follow-logs.js';
export * from './generated/operations.js';
export {
  type CallOptions,
  type ConnectionStatus,
  createGraphClient,
  type GraphClient,
  type GraphClientOptions,
} from './graph-client.js';
export { GraphError, ServerUnreachableError } from './graph-error.js';
export { allPages } from './pages.js';
export * from './resource.js';
export * from './resource-client.js';
export { type ConvergeOptions, createReconciler } from './runtime/converge.js';
export { LeaseLostError } from './runtime/leases.js';
export {
  createManager,
  type Manager,
  type ManagerOptions,
  type ManagerStats,
  type ReconcilerEntry,
} from './runtime/manager.js';
export type { ResourceProvider } from './runtime/provider.js';
export {
  converged,
  type LeaseView,
  type Outcome,
  type ProbeContext,
  type ProbeRequest,
  type ReconcileContext,
  type Reconciler,
  waiting,
} from './runtime/reconciler.js';
