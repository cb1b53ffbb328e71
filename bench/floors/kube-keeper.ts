import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';

/*
 * The least that keeps ConfigMaps as they are to be: a watch, a map of wanted bodies by path, and a patch for what differs.
 * The data of a source of the same index, in the namespace `bench-source`, is taken over into what is wanted.
 * Says `ready` once it watches; runs until it is ended.
 */
const config: KeeperConfig = JSON.parse(process.argv[2] ?? '{}');
const wanted = new Map<string, Wanted>();
const paths: string[] = [];
for (const { path, body } of JSON.parse(readFileSync(config.workPath, 'utf8')) as readonly Apply[]) {
  const object = JSON.parse(body) as ConfigMap;
  wanted.set(path, { object, data: canonical(object.data) });
  paths.push(path);
}
const agent = new Agent({ keepAlive: true, ca: config.caPem });
const headers = { authorization: `Bearer ${config.token}` };

watch(`labelSelector=${encodeURIComponent(config.label)}`, ({ type, object }) => {
  const path = `/api/v1/namespaces/${object.metadata.namespace}/configmaps/${object.metadata.name}`;
  const kept = wanted.get(path);
  if (kept && (type === 'DELETED' || canonical(object.data) !== kept.data)) apply(path, kept);
});
watch('labelSelector=bench-source', ({ type, object }) => {
  const path = paths[Number(object.metadata.name.replace('source-', ''))];
  const kept = path === undefined ? undefined : wanted.get(path);
  if (path === undefined || !kept || type !== 'MODIFIED') return;
  const data = { ...kept.object.data, ...object.data };
  const changed = { object: { ...kept.object, data }, data: canonical(data) };
  wanted.set(path, changed);
  apply(path, changed);
});

interface KeeperConfig {
  readonly server: string;
  readonly caPem: string;
  readonly token: string;
  readonly label: string;
  /** Holds the applies of the ConfigMaps as JSON; a source is called by the index of one. */
  readonly workPath: string;
}

interface Apply {
  readonly path: string;
  readonly body: string;
}

interface ConfigMap {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly resourceVersion?: string };
  readonly data: Readonly<Record<string, string>>;
}

interface Wanted {
  readonly object: ConfigMap;
  readonly data: string;
}

interface WatchEvent {
  readonly type: string;
  readonly object: ConfigMap;
}

function canonical(data: Readonly<Record<string, string>> = {}): string {
  return JSON.stringify(Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function apply(path: string, { object }: Wanted): void {
  const { resourceVersion: _first, ...metadata } = object.metadata;
  const body = JSON.stringify({ ...object, metadata });
  const sent = request(
    `${config.server}${path}?fieldManager=portolan&force=true`,
    {
      method: 'PATCH',
      agent,
      headers: {
        ...headers,
        'content-type': 'application/apply-patch+yaml',
        'content-length': Buffer.byteLength(body),
      },
    },
    (response) => response.resume(),
  );
  sent.end(body);
}

/** From now on. Both are said to be ready when both were answered. */
function watch(selector: string, onEvent: (event: WatchEvent) => void): void {
  const url = `${config.server}/api/v1/configmaps?watch=1&${selector}`;
  request(url, { agent, headers }, (response: IncomingMessage) => {
    let rest = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') onEvent(JSON.parse(line));
    });
    opened += 1;
    if (opened === 2) process.stdout.write('ready\n');
  }).end();
}

let opened = 0;
