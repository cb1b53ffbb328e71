import { readdir } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownFolder } from '../../lib/node/own-folder.js';
import { answer } from '../answer.js';
import type { Route } from '../http.js';
import { lateFile } from '../late-file.js';

/** The page in dist/ui/page/, as it is at the start; each file is read once. Where it was not built, /ui/ says how to build it. */
export async function uiRoutes(folder: URL = builtPage): Promise<Readonly<Record<string, Route>>> {
  const files = await listFiles(folder);
  const page = files.includes(PAGE) ? fileRoute(folder, PAGE, files) : notBuilt;
  const assets = files.filter((file) => file !== PAGE && !file.endsWith('.gz') && types.has(extname(file)));
  const routes = assets.map((file) => [`/ui/${file}`, fileRoute(folder, file, files)] as const);
  return { '/ui': toFolder, '/ui/': page, ...Object.fromEntries(routes) };
}

const builtPage = new URL('dist/ui/page/', ownFolder);
const PAGE = 'index.html';

const types: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
]);

/** The page keeps a token, so nothing that is not ours may run in it, and it may send nothing to anybody else. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The names of assets have a hash of their content, so they are never asked for again; the page that names them is. */
function fileRoute(folder: URL, file: string, files: readonly string[]): Route {
  const compressedName = `${file}.gz`;
  const plain = lateFile(new URL(file, folder));
  const compressed = files.includes(compressedName) ? lateFile(new URL(compressedName, folder)) : null;
  const headers = {
    'content-type': types.get(extname(file)) ?? 'application/octet-stream',
    'content-security-policy': policy,
    'cache-control': file === PAGE ? 'no-cache' : 'public, max-age=31536000, immutable',
    vary: 'accept-encoding',
  };
  return {
    methods: ['GET', 'HEAD'],
    async handle(request, response) {
      if (compressed && acceptsGzip(request)) {
        return answer(response, 200, { ...headers, 'content-encoding': 'gzip' }, await compressed());
      }
      return answer(response, 200, headers, await plain());
    },
  };
}

function acceptsGzip({ headers }: IncomingMessage): boolean {
  return /(^|,)\s*gzip\s*(,|;(?!\s*q=0(\.0*)?\s*(,|$))|$)/i.test(String(headers['accept-encoding'] ?? ''));
}

const toFolder: Route = {
  methods: ['GET', 'HEAD'],
  handle: (_request, response) => answer(response, 308, { location: '/ui/' }, ''),
};

const notBuilt: Route = {
  methods: ['GET', 'HEAD'],
  handle: (_request, response) =>
    answer(
      response,
      503,
      { 'content-type': 'text/plain; charset=utf-8' },
      'The page is not built. Build it with `npm run build` in the folder of Portolan, then start the server again.\n',
    ),
};

/** Paths with slashes; none when the folder is not there. */
async function listFiles(folder: URL): Promise<readonly string[]> {
  try {
    const names = await readdir(fileURLToPath(folder), { recursive: true });
    return names.map((name) => name.replaceAll('\\', '/'));
  } catch {
    return [];
  }
}
