import { hashText } from '../../lib/node/hash.js';

/** One run of a container, from its start to its end. */
export interface ContainerRun {
  readonly pod: string;
  readonly uid: string;
  readonly container: string;
  readonly image: string;
  readonly startedMs: number;
  /** Null while it runs. */
  readonly endedMs: number | null;
  readonly exitCode: number | null;
  /** How often it had been restarted when it began. */
  readonly restarts: number;
}

export interface LogLine {
  readonly atMs: number;
  readonly line: string;
}

/** What the run has written until `nowMs`, the last KEPT lines of it. The same run writes the same lines, whenever it is asked. */
export function linesOf(run: ContainerRun, nowMs: number): readonly LogLine[] {
  const untilMs = Math.min(run.endedMs ?? nowMs, nowMs);
  const begun = [
    { atMs: run.startedMs, line: `${run.container}: started from ${run.image}` },
    { atMs: run.startedMs, line: beginning(run) },
  ];
  const count = Math.max(0, Math.floor((untilMs - run.startedMs) / EVERY_MS));
  const first = Math.max(1, count - KEPT + 1);
  const regular = Array.from({ length: Math.max(0, count - first + 1) }, (_, index) => lineOf(run, first + index));
  return [...begun, ...regular, ...(run.endedMs === null || run.endedMs > nowMs ? [] : ending(run, run.endedMs))];
}

/** When the next line comes. */
export function nextLineMs(run: ContainerRun, nowMs: number): number {
  return run.startedMs + (Math.floor((nowMs - run.startedMs) / EVERY_MS) + 1) * EVERY_MS;
}

/** A container that has nothing special to say says something this often. */
const EVERY_MS = 5_000;
/** A kubelet rotates logs as well. */
const KEPT = 1_000;

function beginning(run: ContainerRun): string {
  const again = run.restarts > 0 ? ` after ${run.restarts} restart${run.restarts === 1 ? '' : 's'}` : '';
  const isUnready = run.image.includes('never-ready');
  return `${run.container}: ${isUnready ? 'waiting for what never comes' : 'ready'}${again}`;
}

function lineOf(run: ContainerRun, index: number): LogLine {
  const drawn = Number.parseInt(hashText(`${run.uid} ${run.container} ${index}`).slice(0, 4), 16);
  const line = `${run.container}: handled ${drawn % 200} requests in ${1 + (drawn % 37)} ms on average`;
  return { atMs: run.startedMs + index * EVERY_MS, line };
}

function ending(run: ContainerRun, atMs: number): readonly LogLine[] {
  if (run.exitCode === 0) return [{ atMs, line: `${run.container}: done` }];
  return [
    { atMs, line: `${run.container}: cannot go on` },
    { atMs, line: 'panic: this container was told to crash' },
  ];
}
