/** Makes Tab indent, Shift+Tab take it back, and Enter keep the depth. Escape, then Tab, leaves the field by keyboard. */
export function indentOnTab(area) {
  let isLeaving = false;
  area.addEventListener('blur', () => {
    isLeaving = false;
  });
  area.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') isLeaving = true;
    if (event.key === 'Tab' && !isLeaving) {
      event.preventDefault();
      if (event.shiftKey) outdent(area);
      else if (area.selectionStart === area.selectionEnd) insert(area, INDENT);
      else indentLines(area);
    }
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      newLine(area);
    }
  });
}

const INDENT = '  ';

/** As if typed, so that the browser's undo knows it. */
function insert(area, text) {
  if (!document.execCommand('insertText', false, text))
    area.setRangeText(text, area.selectionStart, area.selectionEnd, 'end');
  area.dispatchEvent(new Event('input'));
}

function newLine(area) {
  const before = area.value.slice(0, area.selectionStart);
  const depth = /(?:^|\n)( *)[^\n]*$/.exec(before)?.[1] ?? '';
  const after = area.value[area.selectionEnd];
  const isOpening = /[{([]\s*$/.test(before);
  insert(area, `\n${depth}${isOpening ? INDENT : ''}`);
  if (!isOpening || !after || !'})]'.includes(after)) return;
  const caret = area.selectionStart;
  insert(area, `\n${depth}`);
  area.setSelectionRange(caret, caret);
}

function selectedLines(area) {
  const start = area.value.lastIndexOf('\n', area.selectionStart - 1) + 1;
  const end = area.selectionEnd;
  return { start, end, lines: area.value.slice(start, end).split('\n') };
}

function replaceLines(area, { start, end }, lines) {
  area.setSelectionRange(start, end);
  insert(area, lines.join('\n'));
  area.setSelectionRange(start, start + lines.join('\n').length);
}

function indentLines(area) {
  const selected = selectedLines(area);
  replaceLines(
    area,
    selected,
    selected.lines.map((line) => INDENT + line),
  );
}

function outdent(area) {
  const selected = selectedLines(area);
  replaceLines(
    area,
    selected,
    selected.lines.map((line) => line.replace(/^ {1,2}/, '')),
  );
}
