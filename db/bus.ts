/**
 * Short messages between the servers over one database: wakes, and probes that another server has to answer. It holds
 * no truth. Any message may be lost, come late or come twice; whoever uses it can do without, at the cost of latency.
 */
export interface Bus {
  /**
   * Tells everybody who listens to this channel, ourselves too. Never rejects. Resolves when the message was handed
   * over; false: it was not, because it is too large or nobody took it.
   */
  publish(channel: string, message: string): Promise<boolean>;
  /** Attaches at once, though what is told in the first moments may be missed. Returns a function that detaches. */
  subscribe(channel: string, listener: BusListener): () => void;
  stats(): BusStats;
  close(): Promise<void>;
}

export interface BusListener {
  onMessage(message: string): void;
  /** Attached, for the first time or again: what was told before may have been missed. */
  onAttach?(): void;
}

export interface BusStats {
  /** What carries the messages at its best. */
  readonly transport: 'redis' | 'notify';
  /** Messages take a slower way than that just now. */
  readonly isDegraded: boolean;
}
