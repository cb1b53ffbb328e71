import { createWriteStream } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Progress } from './progress.js';
import { runCommand } from './run-command.js';
import type { Release } from './tool.js';
import { sha256OfFile } from './tools-cache.js';

/** Until an answer begins. Many machines cannot reach the sites at all, and go on to the next way. */
const connectTimeoutMs = 4_000;
/** Between two pieces of an answer. */
const idleTimeoutMs = 30_000;
const extractTimeoutMs = 60_000;

export interface DownloadRequest {
  /** For progress lines. */
  readonly subject: string;
  readonly release: Release;
  /** A folder for what is downloaded, which the caller removes. */
  readonly folder: string;
  readonly progress: Progress;
}

/** Answers the path of the program. @throws Error when it cannot be had, or is not what its project published. */
export async function downloadRelease({ subject, release, folder, progress }: DownloadRequest): Promise<string> {
  progress.step(subject, `downloading from ${new URL(release.url).host}`);
  const name = basename(new URL(release.url).pathname);
  const expected = findChecksum(await fetchText(release.checksumUrl), release.checksumFormat, name);
  if (expected === null) throw new Error(`${release.checksumUrl} has no SHA-256 of ${name}`);

  const file = join(folder, name);
  await fetchFile(release.url, file, (sizeBytes) => progress.advance(subject, `${Math.round(sizeBytes / 1e6)} MB`));
  const actual = await sha256OfFile(file);
  if (actual !== expected) throw new Error(`${release.url} has SHA-256 ${actual}, but ${expected} was published`);
  if (release.member === null) return file;

  await runCommand('tar', ['-xzf', file, release.member], { cwd: folder, timeoutMs: extractTimeoutMs });
  return join(folder, release.member);
}

/** The published SHA-256 of `name`, as 64 hex digits, or null. Exported for its test. */
export function findChecksum(text: string, format: Release['checksumFormat'], name: string): string | null {
  if (format === 'github') {
    const { assets } = JSON.parse(text) as { assets?: readonly { name: string; digest?: string | null }[] };
    const digest = assets?.find((asset) => asset.name === name)?.digest ?? '';
    return /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1] ?? null;
  }
  for (const line of text.split('\n')) {
    const match = /^([0-9a-f]{64})(?:\s+\*?(\S+))?$/i.exec(line.trim());
    if (match?.[1] && (match[2] === undefined || basename(match[2]) === name)) return match[1].toLowerCase();
  }
  return null;
}

async function fetchText(url: string): Promise<string> {
  const { response, stop } = await open(url);
  try {
    return await response.text();
  } finally {
    stop();
  }
}

async function fetchFile(url: string, file: string, onProgress: (sizeBytes: number) => void): Promise<void> {
  const { response, beat, stop } = await open(url);
  let sizeBytes = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      beat();
      sizeBytes += chunk.length;
      onProgress(sizeBytes);
      done(null, chunk);
    },
  });
  try {
    if (!response.body) throw new Error(`${url} answered nothing`);
    await pipeline(Readable.fromWeb(response.body), counter, createWriteStream(file));
  } finally {
    stop();
  }
}

/** An answer that is given up when nothing came for a while; `beat` says that something came. */
async function open(url: string): Promise<{ response: Response; beat: () => void; stop: () => void }> {
  const controller = new AbortController();
  const giveUp = (seconds: number) => controller.abort(new Error(`no answer from ${url} for ${seconds} s`));
  let timer = setTimeout(() => giveUp(connectTimeoutMs / 1000), connectTimeoutMs);
  const stop = () => clearTimeout(timer);
  const beat = () => {
    stop();
    timer = setTimeout(() => giveUp(idleTimeoutMs / 1000), idleTimeoutMs);
  };
  try {
    const response = await fetch(url, { signal: controller.signal, headers: { 'user-agent': 'portolan-tools' } });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    beat();
    return { response, beat, stop };
  } catch (error) {
    stop();
    throw new Error(`${new URL(url).host} cannot be used`, { cause: error });
  }
}
