import { ownFolder } from '../../lib/node/own-folder.js';
import { answer } from '../answer.js';
import type { Route } from '../http.js';
import { lateFile } from '../late-file.js';

/** The explorer's page and its parts, from our own files: it needs no internet. Each is read once. */
export function explorerRoutes(): Readonly<Record<string, Route>> {
  const routes = files.map(({ path, file, type }): [string, Route] => {
    const content = lateFile(new URL(file, folder));
    const headers = {
      'content-type': type,
      'content-security-policy': policy,
      'cache-control': 'no-cache',
    };
    return [
      path,
      {
        methods: ['GET', 'HEAD'],
        handle: async (_request, response) => answer(response, 200, headers, await content()),
      },
    ];
  });
  return Object.fromEntries(routes);
}

/** The files stay where they were written: what the compiler makes is in dist/server/explorer/. */
const folder = new URL('server/explorer/', ownFolder);

const files = [
  { path: '/', file: 'index.html', type: 'text/html; charset=utf-8' },
  { path: '/explorer.css', file: 'explorer.css', type: 'text/css; charset=utf-8' },
  { path: '/explorer-icon.svg', file: 'explorer-icon.svg', type: 'image/svg+xml' },
  ...['explorer', 'explorer-client', 'explorer-docs', 'explorer-editor', 'explorer-json', 'explorer-samples'].map(
    (name) => ({
      path: `/${name}.js`,
      file: `${name}.js`,
      type: 'text/javascript; charset=utf-8',
    }),
  ),
];

/** The page keeps a token, so nothing that is not ours may run in it, and it may send nothing to anybody else. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
