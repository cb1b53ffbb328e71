/** Thrown when a cluster that a cloud makes does not say where it is: it is not made yet, or will never be. Nothing can be on it. */
export class NotMadeError extends Error {
  override readonly name = 'NotMadeError';
}
