import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';

/*
 * The least that writing to an API server takes: bodies that are made already, sent over kept-alive connections, so many
 * at a time; first the namespaces, then what is in them. Says `ready`, then one line of JSON with what it took.
 */
const config: WriterConfig = JSON.parse(process.argv[2] ?? '{}');
const groups: readonly (readonly Apply[])[] = JSON.parse(readFileSync(config.workPath, 'utf8'));
const agent = new Agent({ keepAlive: true, ca: config.caPem, maxSockets: config.concurrency });
let errors = 0;
let firstError: string | null = null;

process.stdout.write('ready\n');
const startMs = performance.now();
for (const group of groups) {
  const left = [...group].reverse();
  await Promise.all(Array.from({ length: config.concurrency }, () => drain(left)));
}
const wallMs = performance.now() - startMs;
const { user, system } = process.cpuUsage();
const operations = groups.reduce((sum, group) => sum + group.length, 0);
process.stdout.write(`${JSON.stringify({ operations, wallMs, cpuMs: (user + system) / 1000, errors, firstError })}\n`);
agent.destroy();

interface WriterConfig {
  readonly server: string;
  readonly caPem: string;
  readonly token: string;
  /** Holds groups of applies as JSON. */
  readonly workPath: string;
  readonly concurrency: number;
}

interface Apply {
  readonly path: string;
  readonly body: string;
}

async function drain(left: Apply[]): Promise<void> {
  for (let next = left.pop(); next; next = left.pop()) {
    const { status, text } = await send(next);
    if (status === 201) continue;
    errors += 1;
    firstError ??= `${next.path} answered ${status}: ${text.slice(0, 300)}`;
  }
}

function send({ path, body }: Apply): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${config.token}`,
      'content-type': 'application/apply-patch+yaml',
      'content-length': Buffer.byteLength(body),
    };
    const url = `${config.server}${path}?fieldManager=portolan&force=false`;
    const sent = request(url, { method: 'PATCH', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}
