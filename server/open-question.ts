import type { LeaseHolderRow } from '../db/read/read-models.js';
import type { Channel } from '../lib/channel.js';
import type { ProbeQuestion } from '../resolvers/probes.js';
import type { ProbeMessage } from '../schema/probe.js';
import type { AnswerQueue } from './answer-queue.js';

/** A controller that is attached to this server. */
export interface ProbeListener {
  readonly key: string;
  readonly messages: Channel<ProbeMessage>;
}

/** A question that was asked at this server, while it is open. */
export interface OpenQuestion {
  readonly id: string;
  readonly asked: ProbeQuestion;
  readonly lease: LeaseHolderRow & { readonly key: string };
  /** null: it is attached to another server. */
  readonly listener: ProbeListener | null;
  readonly queue: AnswerQueue;
  /** Of the next part. */
  serial: number;
  /** The part of that serial, while it waits for room: the same again is not taken twice. */
  offering: Promise<'TAKEN' | 'FULL' | 'UNWANTED'> | null;
  hasChunk: boolean;
  /** Some server has its holder. */
  isHeld: boolean;
  close(): void;
}

export const noMessage = { id: null, kind: null, resourceId: null, question: null, input: null };
