import { createClient } from '/explorer-client.js';
import { createDocs } from '/explorer-docs.js';
import { indentOnTab } from '/explorer-editor.js';
import { showJson } from '/explorer-json.js';
import { samples } from '/explorer-samples.js';

const at = (id) => document.getElementById(id);
const [tokenField, who, run, operation, query, variables, status, answers] = [
  'token',
  'who',
  'run',
  'operation',
  'query',
  'variables',
  'status',
  'answers',
].map(at);

/** Of this tab alone: a token gives everything, so it must not outlive the tab. */
const kept = sessionStorage;
/** Answers of a subscription that stay on the page. */
const MAX_ANSWERS = 50;

const client = createClient(() => tokenField.value.trim());
const docs = createDocs(at('docs'), {
  client,
  onUse: (sample) => fill(sample),
});
let stop = null;

at('access').addEventListener('submit', (event) => event.preventDefault());
tokenField.value = kept.getItem('token') ?? '';
tokenField.addEventListener('change', enter);
if (tokenField.value) enter();

async function enter() {
  kept.setItem('token', tokenField.value.trim());
  if (!tokenField.value.trim()) return say(who, 'none', 'no token');
  const { answer } = await client
    .run({ query: '{ me { name role } }' })
    .catch((error) => ({ answer: { errors: [error] } }));
  if (!answer.data?.me) return say(who, 'bad', 'refused');
  say(who, 'good', answer.data.me.name);
  await docs.load();
}

for (const [index, { title }] of samples.entries()) at('samples').add(new Option(title, String(index)));
at('samples').addEventListener('change', ({ target }) => {
  if (target.value) fill(samples[Number(target.value)]);
  target.value = '';
});

function fill(sample) {
  query.value = sample.query;
  variables.value = sample.variables ? JSON.stringify(sample.variables, null, 2) : '';
  keep();
  query.focus();
}

query.value = kept.getItem('query') ?? samples[0].query;
variables.value = kept.getItem('variables') ?? '';
for (const area of [query, variables]) {
  indentOnTab(area);
  area.addEventListener('input', keep);
  area.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    start();
  });
}
keep();

function keep() {
  kept.setItem('query', query.value);
  kept.setItem('variables', variables.value);
  const names = operations().map(({ name }) => name);
  operation.replaceChildren(...names.map((name) => new Option(name, name, false, name === operation.value)));
  operation.hidden = names.length < 2;
  readVariables();
}

/** Operations of the document: comments and strings aside, a keyword at the outermost level begins one. */
function operations() {
  const plain = query.value.replace(/#[^\n]*|"(?:\\.|[^"\\\n])*"/g, '');
  let depth = 0;
  const found = [];
  for (const [token] of plain.matchAll(/[{}]|\b(query|mutation|subscription)\b\s*(\w+)?/g)) {
    if (token === '{') depth++;
    else if (token === '}') depth--;
    else if (depth === 0) {
      const [type, name = ''] = token.split(/\s+/);
      found.push({ type, name });
    }
  }
  return found;
}

function readVariables() {
  try {
    const value = variables.value.trim() ? JSON.parse(variables.value) : {};
    at('variables-problem').textContent = '';
    return value;
  } catch {
    at('variables-problem').textContent = 'this is no JSON';
    return null;
  }
}

run.addEventListener('click', () => (stop ? stop() : start()));

function start() {
  stop?.();
  const given = readVariables();
  if (given === null) return say(status, 'bad', 'The variables are no JSON.');
  const all = operations();
  const chosen = all.length > 1 ? all.find(({ name }) => name === operation.value) : all[0];
  const body = { query: query.value, variables: given, ...(chosen?.name && { operationName: chosen.name }) };
  answers.replaceChildren();
  if (chosen?.type === 'subscription') subscribe(body);
  else ask(body);
}

async function ask(body) {
  const leaving = new AbortController();
  begin(() => leaving.abort());
  say(status, 'busy', 'Asking…');
  try {
    const { answer, status: code, milliseconds, characters } = await client.run(body, leaving.signal);
    const size = characters < 1000 ? `${characters} characters` : `${(characters / 1000).toFixed(1)} kB`;
    const problems = answer.errors?.length ?? 0;
    const said = problems > 0 ? ` · ${problems} ${problems === 1 ? 'error' : 'errors'}` : '';
    say(status, problems > 0 ? 'bad' : 'good', `${code} · ${milliseconds} ms · ${size}${said}`);
    showJson(answers, answer);
  } catch (error) {
    say(status, 'bad', leaving.signal.aborted ? 'Stopped.' : `No answer: ${error.message}`);
  }
  finish();
}

function subscribe(body) {
  let count = 0;
  let hasFailed = false;
  say(status, 'busy', 'Connecting…');
  const end = client.subscribe(body, {
    onOpen: () => say(status, 'live', 'Listening'),
    onNext(answer) {
      count++;
      hasFailed = Boolean(answer.errors?.length);
      say(status, hasFailed ? 'bad' : 'live', `Live · ${count} ${count === 1 ? 'answer' : 'answers'}`);
      const time = Object.assign(document.createElement('time'), { textContent: new Date().toLocaleTimeString() });
      const shown = document.createElement('div');
      shown.append(time);
      showJson(shown, answer);
      answers.prepend(shown);
      while (answers.childElementCount > MAX_ANSWERS) answers.lastElementChild.remove();
    },
    onEnd(problem) {
      finish();
      say(status, problem || hasFailed ? 'bad' : 'idle', problem ? `Ended: ${problem}` : `Ended · ${count} answers`);
    },
  });
  begin(end);
}

function begin(ending) {
  stop = ending;
  run.textContent = 'Stop';
  run.dataset.state = 'running';
}

function finish() {
  stop = null;
  run.textContent = 'Run';
  delete run.dataset.state;
}

at('copy').addEventListener('click', async ({ target }) => {
  await navigator.clipboard.writeText(answers.querySelector('pre')?.textContent ?? '');
  target.textContent = 'Copied';
  setTimeout(() => (target.textContent = 'Copy'), 1200);
});

const prefersDark = matchMedia('(prefers-color-scheme: dark)');
const applyTheme = () => {
  document.documentElement.dataset.theme = localStorage.getItem('theme') ?? (prefersDark.matches ? 'dark' : 'light');
};
prefersDark.addEventListener('change', applyTheme);
at('theme').addEventListener('click', () => {
  localStorage.setItem('theme', document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark');
  applyTheme();
});
applyTheme();

function say(output, state, message) {
  output.dataset.state = state;
  output.textContent = message;
}
