import test from 'ava';
import { type Cell, type Column, renderTable } from '../../../cli/output/table.js';

const columns: readonly Column[] = [
  { header: 'NAME' },
  { header: 'HEALTH' },
  { header: 'RUNTIME' },
  { header: 'URL', isWide: true },
  { header: 'MESSAGE' },
];
const rows: readonly (readonly Cell[])[] = [
  row('wordpress', 'Healthy', 'sandbox', 'http://wordpress.example.com', ''),
  row(
    'a-shop-with-a-rather-long-name',
    'Degraded',
    'prod',
    '',
    'The image docker.io/library/nowhere:1 cannot be pulled.',
  ),
];

test('a table without a limit shows everything, columns aligned, no blanks at the ends', (t) => {
  t.deepEqual(renderTable(columns, rows, { width: null, hasColour: false }), [
    'NAME                            HEALTH    RUNTIME  URL                           MESSAGE',
    'wordpress                       Healthy   sandbox  http://wordpress.example.com',
    'a-shop-with-a-rather-long-name  Degraded  prod                                   The image docker.io/library/nowhere:1 cannot be pulled.',
  ]);
});

test('a table that is too wide loses its wide columns first, then cuts the widest', (t) => {
  t.deepEqual(renderTable(columns, rows, { width: 60, hasColour: false }), [
    'NAME                 HEALTH    RUNTIME  MESSAGE',
    'wordpress            Healthy   sandbox',
    'a-shop-with-a-rath…  Degraded  prod     The image docker.io…',
  ]);
});

for (const width of [20, 30, 40, 60, 80, 100, 120, 200]) {
  test(`no line of a table is longer than ${width} where that is the width, and every line begins with the name`, (t) => {
    const lines = renderTable(columns, rows, { width, hasColour: false });
    t.is(lines.length, 3);
    for (const line of lines) t.true([...line].length <= width, `${[...line].length}: ${line}`);
    t.regex(lines[1] ?? '', /^wordpre/);
    t.regex(lines[2] ?? '', /^a-shop/);
  });
}

test('line ends inside of a cell do not break the table', (t) => {
  t.deepEqual(renderTable([{ header: 'A' }], [[{ text: 'one\n  two' }]], { width: null, hasColour: false }), [
    'A',
    'one two',
  ]);
});

test('colours change no width', (t) => {
  const coloured = renderTable([{ header: 'A' }, { header: 'B' }], [[{ text: 'x', colour: 'green' }, { text: 'y' }]], {
    width: null,
    hasColour: true,
  });
  t.deepEqual(coloured, ['\u001b[1mA\u001b[0m  \u001b[1mB\u001b[0m', '\u001b[32mx\u001b[0m  y']);
});

function row(...texts: readonly string[]): readonly Cell[] {
  return texts.map((text) => ({ text }));
}

test('where it is asked for, what does not fit into the last column goes on below', (t) => {
  const columns = [{ header: 'NAME' }, { header: 'WHY' }];
  const rows = [
    [{ text: 'web' }, { text: 'It does not know the image example.com/nope:1' }],
    [{ text: 'db' }, { text: '' }],
  ];
  const lines = renderTable(columns, rows, { width: 24, hasColour: false, wrapsLast: true });
  t.deepEqual(lines, ['NAME  WHY', 'web   It does not know', '      the image', '      example.com/nope:1', 'db']);
});
