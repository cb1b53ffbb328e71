import type { ApiResponse } from '../kubernetes/transport.js';

/** Thrown inside the sandbox for what a real API server refuses; becomes a metav1.Status. */
export class ApiError extends Error {
  readonly status: number;
  /** As in metav1.StatusReason: `NotFound`. */
  readonly reason: string;
  readonly causes: readonly ApiErrorCause[];
  readonly retryAfterMs: number | null;
  readonly details: ApiErrorDetails['details'];

  constructor(status: number, reason: string, message: string, more: ApiErrorDetails = {}) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.reason = reason;
    this.causes = more.causes ?? [];
    this.retryAfterMs = more.retryAfterMs ?? null;
    this.details = more.details;
  }
}

export interface ApiErrorCause {
  readonly reason?: string;
  readonly message: string;
  readonly field?: string;
}

export interface ApiErrorDetails {
  readonly causes?: readonly ApiErrorCause[];
  readonly retryAfterMs?: number;
  /** What the answer is about. */
  readonly details?: { readonly name: string; readonly group?: string; readonly kind: string };
}

/** `error` as the answer that a real API server gives. */
export function toResponse(error: ApiError): ApiResponse {
  return { status: error.status, retryAfterMs: error.retryAfterMs, body: toStatus(error) };
}

/** `error` as a metav1.Status, which is also what an ERROR event of a watch carries. */
export function toStatus(error: ApiError): object {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: error.message,
    ...(error.reason ? { reason: error.reason } : {}),
    ...(error.causes.length > 0 || error.details
      ? { details: { ...error.details, ...(error.causes.length > 0 ? { causes: error.causes } : {}) } }
      : {}),
    code: error.status,
  };
}
