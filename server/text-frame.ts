/**
 * A text frame of RFC 6455, 5.2, unmasked as servers send them. A string has one character for each byte: written as
 * `latin1` it costs less than a Buffer that is made for one socket. What is long comes as Buffers instead, and `body` is
 * not copied then, so that many sockets can be given the same bytes.
 */
export type TextFrame = string | readonly Buffer[];

/** `head` and `body` have one character for each byte, as `bytesOf` gives them. */
export function textFrame(head: string, body: string): string;
export function textFrame(head: string, body: string | Buffer): TextFrame;
export function textFrame(head: string, body: string | Buffer): TextFrame {
  const header = headerOf(head.length + body.length);
  return typeof body === 'string' ? header + head + body : [Buffer.from(header + head, 'latin1'), body];
}

/** The bytes of a text in UTF-8, each as one character; as a Buffer, where they are many. */
export function bytesOf(text: string): string | Buffer {
  const length = Buffer.byteLength(text);
  if (length > LONGEST_STRING) return Buffer.from(text);
  // Nothing but ASCII: its bytes are its characters.
  return length === text.length ? text : Buffer.from(text).toString('latin1');
}

/** Node writes a string of up to 16 KiB from its stack, and copies a longer one (StreamBase::WriteString). */
const LONGEST_STRING = 15_000;

function headerOf(length: number): string {
  if (length < LENGTH_16) return String.fromCharCode(FIN_TEXT, length);
  if (length < 65_536) return String.fromCharCode(FIN_TEXT, LENGTH_16, length >> 8, length & 0xff);
  const bytes = Buffer.alloc(10);
  bytes[0] = FIN_TEXT;
  bytes[1] = LENGTH_64;
  bytes.writeBigUInt64BE(BigInt(length), 2);
  return bytes.toString('latin1');
}

const FIN_TEXT = 0x81;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
