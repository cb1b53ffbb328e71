/** Appends `value` to `container` as indented JSON, its words coloured. Built as text nodes: answers are never markup. */
export function showJson(container, value) {
  const pre = document.createElement('pre');
  const text = JSON.stringify(value, null, 2);
  if (text.length > MAX_COLOURED) pre.textContent = text;
  else pre.append(...coloured(text));
  container.append(pre);
}

/** Beyond this many characters, colours cost more than they tell. */
const MAX_COLOURED = 300_000;

function coloured(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(
    /("(?:\\.|[^"\\])*")(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\b(?:true|false|null)\b/g,
  )) {
    const [token, string, colon] = match;
    const word = string ?? token;
    const className = string ? (colon ? 'json-key' : 'json-string') : /^[tfn]/.test(word) ? 'json-word' : 'json-number';
    parts.push(
      text.slice(end, match.index),
      Object.assign(document.createElement('span'), { className, textContent: word }),
    );
    end = match.index + word.length;
  }
  return [...parts, text.slice(end)];
}
