import test from 'ava';
import { createProgress } from '../../scripts/tools/progress.js';

test('without a terminal every step is a line, with the time that it should take', (t) => {
  const { written, progress } = givenOutput(false);
  progress.step('etcd', 'building etcd', 90);
  progress.advance('etcd', '12 packages');
  progress.line('etcd  3.6.0');
  progress.end('etcd');
  t.is(written(), 'etcd: building etcd (takes about 1 min 30 s on two cores)\netcd  3.6.0\n');
});

test('on a terminal one line is written again and again, above which lines stay', (t) => {
  const { written, progress, pass } = givenOutput(true);
  progress.step('etcd', 'building etcd');
  progress.advance('etcd', '12 packages');
  pass(61_000);
  progress.line('kwok  0.8.0');
  progress.end('etcd');
  t.deepEqual(written().split('\r\u001B[2K'), [
    '',
    'etcd: building etcd',
    'kwok  0.8.0\n',
    'etcd: building etcd (12 packages, 1 min 1 s)',
    '',
  ]);
});

test('a line is cut to the width of the terminal, so that it can be written over', (t) => {
  const { written, progress } = givenOutput(true, 20);
  progress.step('kubernetes', 'building kube-apiserver');
  t.is(written(), '\r\u001B[2Kkubernetes: buildin');
});

function givenOutput(isTTY: boolean, columns = 80) {
  let text = '';
  let now = 0;
  const output = { isTTY, columns, write: (piece: string) => (text += piece) };
  const progress = createProgress(output, () => now);
  const pass = (ms: number) => {
    now += ms;
  };
  return { progress, pass, written: () => text };
}
