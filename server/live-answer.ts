import { hash } from 'node:crypto';
import type { ExecutionResult } from 'graphql';
import { canonicalJson } from '../lib/canonical.js';
import type { FormatError } from './format-error.js';
import { bytesOf, type TextFrame, textFrame } from './text-frame.js';

/** What the readers of one live read are told: serialised once, for all of them. */
export interface LiveAnswer {
  /** OK, or the code of its first error. */
  readonly code: string;
  /**
   * The message `next` of graphql-transport-ws for the operation of this id, as a WebSocket frame. A Buffer is the same
   * one for the next id, written over: who could not hand it on at once calls `keep`, before anybody asks for another.
   */
  frame(id: string): TextFrame | Buffer;
  /** What was given last stays as it is. */
  keep(): void;
}

/** The same text for equal answers. Of one without errors it is the payload itself: fields come in the order of the document. */
export function digestOf({ data, errors }: ExecutionResult): string {
  return errors ? canonicalJson({ data, errors }) : JSON.stringify({ data });
}

/** Of a long digest its SHA-256: it is kept for each live read, and an answer may be a page of hundreds of resources. */
export function briefOf(digest: string): string {
  return digest.length > SHORT ? hash('sha256', digest, 'base64') : digest;
}

/** As many characters as a hash has. */
const SHORT = 44;

export function createLiveAnswer(result: ExecutionResult, digest: string, formatError: FormatError): LiveAnswer {
  const errors = result.errors?.map(formatError);
  const text = errors ? JSON.stringify({ errors, ...(result.data !== undefined && { data: result.data }) }) : digest;
  return new SharedAnswer(text, String(errors?.[0]?.extensions?.code ?? 'OK'));
}

/** A class, for there may be one for each of thousands of readers. */
class SharedAnswer implements LiveAnswer {
  readonly code: string;
  readonly #text: string;
  #body: string | Buffer | null = null;
  #template: FrameTemplate | null = null;
  #isShared = false;

  constructor(text: string, code: string) {
    this.#text = text;
    this.code = code;
  }

  frame(id: string): TextFrame | Buffer {
    const body = this.#body ?? bytesOf(`${this.#text}}`);
    // Bytes are kept from the second reader on: most answers have but one.
    if (!this.#isShared) {
      this.#isShared = true;
      return textFrame(headOf(id), body);
    }
    this.#body = body;
    if (typeof body !== 'string' || !PLAIN.test(id)) return textFrame(headOf(id), body);
    this.#template ??= createTemplate(id, body);
    if (this.#template.idLength !== id.length) this.#template = createTemplate(id, body);
    const { bytes, idAt } = this.#template;
    bytes.write(id, idAt, 'latin1');
    return bytes;
  }

  keep(): void {
    this.#template = null;
  }
}

/** A frame in which the id can be written over by one of the same length: readers differ in nothing else. */
interface FrameTemplate {
  readonly bytes: Buffer;
  readonly idAt: number;
  readonly idLength: number;
}

/** What JSON says as it is, one byte for each character: what clients make, UUIDs and numbers. */
const PLAIN = /^[\w-]{1,100}$/;

function createTemplate(id: string, body: string): FrameTemplate {
  const frame = textFrame(headOf(id), body);
  const bytes = typeof frame === 'string' ? Buffer.from(frame, 'latin1') : Buffer.concat(frame);
  return { bytes, idAt: bytes.indexOf(ID_BEGINS) + ID_BEGINS.length, idLength: id.length };
}

const ID_BEGINS = '{"id":"';

/** Ids are the client's: any text. */
function headOf(id: string): string {
  const head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
  return Buffer.byteLength(head) === head.length ? head : Buffer.from(head).toString('latin1');
}
