import { readFile } from 'node:fs/promises';
import { answer } from '../answer.js';
import type { Route } from '../http.js';

/** The explorer's page and its parts, from our own files: it needs no internet. Read once, at start. */
export async function explorerRoutes(): Promise<Readonly<Record<string, Route>>> {
  const routes = files.map(async ({ path, file, type }): Promise<[string, Route]> => {
    const content = await readFile(new URL(file, folder));
    const headers = {
      'content-type': `${type}; charset=utf-8`,
      'content-security-policy': policy,
      'cache-control': 'no-cache',
    };
    return [
      path,
      { methods: ['GET', 'HEAD'], handle: (_request, response) => answer(response, 200, headers, content) },
    ];
  });
  return Object.fromEntries(await Promise.all(routes));
}

/** The files stay where they were written: what the compiler makes is in dist/server/explorer/. */
const folder = new URL('../../../server/explorer/', import.meta.url);

const files = [
  { path: '/', file: 'index.html', type: 'text/html' },
  { path: '/explorer.css', file: 'explorer.css', type: 'text/css' },
  { path: '/explorer.js', file: 'explorer.js', type: 'text/javascript' },
  { path: '/explorer-client.js', file: 'explorer-client.js', type: 'text/javascript' },
  { path: '/explorer-docs.js', file: 'explorer-docs.js', type: 'text/javascript' },
] as const;

/** The page keeps a token, so nothing that is not ours may run in it, and it may send nothing to anybody else. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
