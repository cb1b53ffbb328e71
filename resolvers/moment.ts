import { sleep } from '../lib/clock.js';
import { ConflictError } from '../lib/errors.js';
import type { AskedMoment, Moment } from '../lib/moment.js';
import type { GraphContext } from './context.js';
import { createLoaders } from './loaders.js';

/**
 * The context of a read at a moment; the one that was given when none is asked for. Throws CursorExpiredError for a
 * moment that the log does not tell, ConflictError when commits before it stay under way.
 */
export async function atAsked(asked: AskedMoment | null | undefined, context: GraphContext): Promise<GraphContext> {
  return asked ? atMoment(await findMoment(asked, context), context) : context;
}

/** The context for what is below a resource that was read at a moment: all of it is read at the same one. */
export function below({ moment }: { readonly moment?: Moment | undefined }, context: GraphContext): GraphContext {
  return moment ? atMoment(moment, context) : context;
}

/** One for each moment of an operation: loaders of two moments must not share what they found. */
const contexts = new WeakMap<GraphContext, Map<bigint, GraphContext>>();

function atMoment(moment: Moment, context: GraphContext): GraphContext {
  if (context.moment?.seq === moment.seq) return context;
  const known = contexts.get(context) ?? new Map<bigint, GraphContext>();
  contexts.set(context, known);
  // What was does not change any more, so a live read has nothing to wait for.
  const { readSet: _, ...rest } = context;
  const made = known.get(moment.seq) ?? {
    ...rest,
    reads: context.reads.at(moment),
    loaders: createLoaders(),
    moment,
  };
  known.set(moment.seq, made);
  return made;
}

/** A commit takes milliseconds. */
const FIRST_WAIT_MS = 2;
const LONGEST_WAIT_MS = 2_000;

async function findMoment(asked: AskedMoment, context: GraphContext): Promise<Moment> {
  for (let waitMs = FIRST_WAIT_MS; waitMs <= LONGEST_WAIT_MS; waitMs *= 2) {
    const moment = await context.reads.findMoment(asked);
    if (moment) return moment;
    await sleep(context.clock, waitMs, context.signal);
  }
  throw new ConflictError('Commits before this moment are still under way. Ask again.', { path: ['asOf'] });
}
