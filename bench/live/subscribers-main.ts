import { openSubscriber } from './subscriber.js';
import type { FromSubscribers, OpenSubscribers, SubscriberCounts, ToSubscribers } from './subscriber-messages.js';

/*
 * A process of subscribers: opens sockets, checks the numbers in what they get, and counts. It is driven by messages of
 * the process that started it, and ends with it.
 */

let options: OpenSubscribers | null = null;
let marker: Buffer = Buffer.alloc(0);
let newest = new Float64Array(0);
let wanted = new Float64Array(0);
/** Sockets whose first message on this connection is still to come. */
let isNew = new Uint8Array(0);
let portOf = new Uint32Array(0);
let waitFor: 'opened' | 'reached' | 'again' | null = null;
let left = 0;
let waitedSinceMs = 0;
let isReturning = false;
let toOpen: number[] = [];
let lastText = Buffer.alloc(0);
let cpuAtStart = process.cpuUsage();
const fresh = () => ({ messages: 0, firsts: 0, bytes: 0, doubled: 0, missed: 0, disordered: 0, closed: 0 });
let counts = fresh();
let failures: string[] = [];

process.on('message', (message: ToSubscribers) => {
  switch (message.do) {
    case 'open':
      return begin(message);
    case 'expect':
      return expectNumbers(message.numbers);
    case 'count':
      return tellCounts();
    case 'return':
      isReturning = true;
      if (options) options = { ...options, ports: message.ports };
      return waitUntil('again', newest.length);
    default:
      return message satisfies never;
  }
});
process.on('disconnect', () => process.exit(0));

function begin(asked: OpenSubscribers): void {
  options = asked;
  marker = Buffer.from(asked.marker);
  newest = new Float64Array(asked.count).fill(-1);
  wanted = new Float64Array(asked.count);
  isNew = new Uint8Array(asked.count).fill(1);
  portOf = Uint32Array.from({ length: asked.count }, (_, index) => asked.ports[index % asked.ports.length] ?? 0);
  toOpen = Array.from({ length: asked.count }, (_, index) => index);
  waitUntil('opened', asked.count);
  for (const index of toOpen.splice(0, asked.atOnce)) connect(index);
}

function connect(index: number): void {
  const { token, query, ids } = options ?? never();
  const id = `4c7e1a52-90b4-4f0e-8a3b-${String(index).padStart(12, '0')}`;
  const variables = ids ? { variables: { id: ids[index % ids.length] } } : {};
  openSubscriber({
    port: portOf[index] ?? 0,
    hello:
      token === null
        ? []
        : [JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })],
    subscribe: token === null ? null : JSON.stringify({ id, type: 'subscribe', payload: { query, ...variables } }),
    onMessage: (payload) => receive(index, payload),
    onClose: (reason) => closed(index, reason),
  });
}

function receive(index: number, payload: Buffer): void {
  const at = payload.indexOf(marker);
  if (at < 0) {
    fail(`no number in ${payload.toString().slice(0, 300)}`);
    return;
  }
  const number = numberAt(payload, at + marker.length);
  const before = newest[index] ?? -1;
  if (index === 0) lastText = Buffer.from(payload);
  counts.bytes += payload.length;
  if (isNew[index]) {
    isNew[index] = 0;
    counts.firsts += 1;
    if (number < before) counts.disordered += 1;
    const next = toOpen.shift();
    if (next !== undefined) connect(next);
    if (waitFor !== 'reached') arrived();
  } else {
    counts.messages += 1;
    if (number === before) counts.doubled += 1;
    else if (number < before) counts.disordered += 1;
    else if (options?.rule === 'every' && number !== before + 1) counts.missed += number - before - 1;
  }
  newest[index] = Math.max(number, before);
  const want = wanted[index] ?? 0;
  if (waitFor === 'reached' && before < want && number >= want) arrived();
}

function closed(index: number, reason: string): void {
  counts.closed += 1;
  isNew[index] = 1;
  if (!isReturning) {
    fail(`a socket ended: ${reason}`);
    return;
  }
  const ports = options?.ports ?? [];
  portOf[index] = ports[(ports.indexOf(portOf[index] ?? 0) + 1) % ports.length] ?? 0;
  setImmediate(connect, index);
}

function expectNumbers(numbers: number | readonly number[]): void {
  wanted = Float64Array.from(newest, (_, index) => (typeof numbers === 'number' ? numbers : (numbers[index] ?? 0)));
  waitUntil('reached', newest.filter((number, index) => number < (wanted[index] ?? 0)).length);
}

function waitUntil(what: 'opened' | 'reached' | 'again', count: number): void {
  waitFor = what;
  left = count;
  waitedSinceMs = performance.now();
  if (left === 0) tellWaited();
}

function arrived(): void {
  left -= 1;
  if (left === 0) tellWaited();
}

function tellWaited(): void {
  const is = waitFor;
  waitFor = null;
  const wallMs = performance.now() - waitedSinceMs;
  if (is === 'opened') tell({ is });
  else if (is !== null) tell({ is, wallMs });
}

function tellCounts(): void {
  const { user, system } = process.cpuUsage(cpuAtStart);
  const told: SubscriberCounts = {
    ...counts,
    failures,
    numbers: [...newest],
    text: lastText.toString(),
    cpuMs: (user + system) / 1000,
  };
  counts = fresh();
  failures = [];
  cpuAtStart = process.cpuUsage();
  tell({ is: 'counts', ...told });
}

function fail(text: string): void {
  if (failures.length < MAX_FAILURES) failures.push(text);
}

const MAX_FAILURES = 5;

function tell(message: FromSubscribers): void {
  process.send?.(message);
}

function numberAt(payload: Buffer, from: number): number {
  let number = 0;
  for (let at = from; ; at += 1) {
    const digit = (payload[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return number;
    number = number * 10 + digit;
  }
}

function never(): never {
  throw new Error('Subscribers were driven before they were opened.');
}
