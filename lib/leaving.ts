/** Tells those who ask when whoever waits for an answer has left. */
export class Leaving {
  #controller: AbortController | null = null;
  #hasLeft = false;

  /** Made when it is first asked for: most answers need none, and it is a tenth of what a small one costs. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#hasLeft) this.#controller.abort();
    return this.#controller.signal;
  }

  leave(): void {
    this.#hasLeft = true;
    this.#controller?.abort();
  }
}
