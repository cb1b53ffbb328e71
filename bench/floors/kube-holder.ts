import { createHash } from 'node:crypto';
import { Agent, request } from 'node:https';

/*
 * The least that knows of every object: a list and a watch for each kind, and of each object its uid, generation, a hash
 * and its version. Says `ready` and how long the lists took, then runs until it is ended.
 */
const config: HolderConfig = JSON.parse(process.argv[2] ?? '{}');
const agent = new Agent({ keepAlive: true, ca: config.caPem });
const held = new Map<string, Held>();
const selector = `labelSelector=${encodeURIComponent(config.label)}`;
let most = config.most ?? Number.POSITIVE_INFINITY;

const startMs = performance.now();
for (const plural of config.plurals) {
  const versions = await list(plural);
  watch(plural, versions);
}
process.stdout.write(`${JSON.stringify({ listMs: performance.now() - startMs, objects: held.size })}\n`);

interface HolderConfig {
  readonly server: string;
  readonly caPem: string;
  readonly token: string;
  readonly label: string;
  readonly plurals: readonly string[];
  /** Holds no more than so many. Left out: all. */
  readonly most?: number;
}

interface Held {
  readonly uid: string;
  readonly generation: number;
  readonly hash: string;
  readonly resourceVersion: string;
}

interface KubernetesObject {
  readonly metadata: {
    readonly namespace?: string;
    readonly name: string;
    readonly uid: string;
    readonly generation?: number;
    readonly resourceVersion: string;
  };
}

function take(plural: string, object: KubernetesObject): void {
  const { namespace = '', name, uid, generation = 0, resourceVersion } = object.metadata;
  const key = `${plural}/${namespace}/${name}`;
  if (!held.has(key)) {
    if (most <= 0) return;
    most -= 1;
  }
  const hash = createHash('sha256').update(JSON.stringify(object)).digest('base64url');
  held.set(key, { uid, generation, hash, resourceVersion });
}

/** In pages, as a client that minds its memory reads. */
async function list(plural: string): Promise<string> {
  let next = '';
  for (;;) {
    const page = JSON.parse(await get(`/api/v1/${plural}?limit=500&${selector}&continue=${next}`)) as {
      readonly metadata: { readonly continue?: string; readonly resourceVersion: string };
      readonly items: readonly KubernetesObject[];
    };
    for (const item of page.items) take(plural, item);
    next = encodeURIComponent(page.metadata.continue ?? '');
    if (next === '') return page.metadata.resourceVersion;
  }
}

function get(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = open(path, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.once('end', () => resolve(text));
    });
    sent.once('error', reject);
    sent.end();
  });
}

function open(path: string, onResponse: (response: import('node:http').IncomingMessage) => void) {
  return request(
    `${config.server}${path}`,
    { agent, headers: { authorization: `Bearer ${config.token}` } },
    onResponse,
  );
}

/** The API server ends a watch after some minutes; then it is opened anew from where it was. */
function watch(plural: string, from: string): void {
  let version = from;
  open(`/api/v1/${plural}?watch=1&allowWatchBookmarks=true&${selector}&resourceVersion=${version}`, (response) => {
    let rest = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line === '') continue;
        const { type, object } = JSON.parse(line) as { type: string; object: KubernetesObject };
        version = object.metadata.resourceVersion;
        if (type === 'DELETED') held.delete(`${plural}/${object.metadata.namespace ?? ''}/${object.metadata.name}`);
        else if (type !== 'BOOKMARK') take(plural, object);
      }
    });
    response.once('end', () => watch(plural, version));
  }).end();
}
