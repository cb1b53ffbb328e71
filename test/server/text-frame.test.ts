import test from 'ava';
import { createFrameReader, TEXT } from '../../bench/live/frames.js';
import { bytesOf, type TextFrame, textFrame } from '../../server/text-frame.js';

test('a frame reads as the text that it was made of, whatever its length and its characters', (t) => {
  const texts = ['', 'a', 'é', '日本', '🚢'];
  for (const length of [0, 100, 125, 126, 5_000, 14_999, 15_001, 65_535, 65_536, 200_000]) {
    for (const [index, text] of texts.entries()) {
      const head = texts.at(-index) ?? '';
      const body = text + 'x'.repeat(length);
      const headBytes = bytesOf(head);
      t.is(read(textFrame(String(headBytes), bytesOf(body))), head + body);
    }
  }
});

function read(frame: TextFrame): string {
  const bytes = typeof frame === 'string' ? Buffer.from(frame, 'latin1') : Buffer.concat(frame);
  const texts: string[] = [];
  const reader = createFrameReader((opcode, payload) => {
    texts.push(opcode === TEXT ? payload.toString() : `opcode ${opcode}`);
  });
  reader.push(bytes);
  return texts.join(' and ');
}
