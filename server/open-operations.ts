import type { OpenOperation } from './open-operation.js';

/** What is open on a socket. Of thousands of sockets most have one operation, which needs no Map. */
export class OpenOperations {
  #only: OpenOperation | null = null;
  /** All, once there were several. */
  #byId: Map<string, OpenOperation> | null = null;

  get size(): number {
    return this.#byId?.size ?? (this.#only ? 1 : 0);
  }

  get(id: string): OpenOperation | undefined {
    if (this.#byId) return this.#byId.get(id);
    return this.#only?.id === id ? this.#only : undefined;
  }

  /** Nothing of its id is open. */
  add(operation: OpenOperation): void {
    if (this.size === 0 && !this.#byId) {
      this.#only = operation;
      return;
    }
    this.#byId ??= new Map(this.all().map((one) => [one.id, one]));
    this.#only = null;
    this.#byId.set(operation.id, operation);
  }

  remove(id: string): void {
    if (this.#only?.id === id) this.#only = null;
    this.#byId?.delete(id);
  }

  all(): readonly OpenOperation[] {
    return this.#byId ? [...this.#byId.values()] : this.#only ? [this.#only] : [];
  }
}
