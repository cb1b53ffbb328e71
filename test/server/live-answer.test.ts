import test from 'ava';
import { briefOf, createLiveAnswer, digestOf } from '../../server/live-answer.js';

const answer = (text: string) => {
  const result = { data: { text } };
  return createLiveAnswer(result, digestOf(result), (error) => ({ message: String(error) }));
};

/** What a frame says: payloads here are shorter than 65,536 and longer than 125 bytes. */
const read = (frame: ReturnType<ReturnType<typeof answer>['frame']>) => {
  const bytes =
    typeof frame === 'string' ? Buffer.from(frame, 'latin1') : Buffer.isBuffer(frame) ? frame : Buffer.concat(frame);
  if (bytes.readUInt16BE(2) !== bytes.length - 4)
    throw new Error('The length of the frame is not that of its payload.');
  return JSON.parse(bytes.subarray(4).toString());
};

test('each reader is given its own id, of whatever length and characters, and the same answer', (t) => {
  for (const text of ['x'.repeat(200), 'é'.repeat(100), 'x'.repeat(20_000)]) {
    const told = answer(text);
    for (const id of ['1', '22', 'b', crypto.randomUUID(), crypto.randomUUID(), '"', 'é', 'x'.repeat(500), '33', '']) {
      t.deepEqual(read(told.frame(id)), { id, type: 'next', payload: { data: { text } } });
    }
  }
});

test('what a socket has not taken yet stays as it is while others are told', (t) => {
  const told = answer('x'.repeat(200));
  told.frame('0');
  const [first, second] = [told.frame('1'), told.frame('2')];
  t.is(first, second, 'one for all that take it at once');
  told.keep();
  t.is(read(told.frame('3')).id, '3');
  t.is(read(second).id, '2');
});

test('what stands for a digest is another one for another digest, and never long', (t) => {
  const digests = ['', 'x', 'y', 'x'.repeat(44), 'x'.repeat(45), 'x'.repeat(100_000), `${'x'.repeat(99_999)}y`];
  const briefs = digests.map(briefOf);
  t.is(new Set(briefs).size, digests.length);
  t.true(briefs.every(({ length }) => length <= 44));
});
