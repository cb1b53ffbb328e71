import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import type { AskedMoment } from '../lib/moment.js';

/** Parsed, not found yet: whether the log still tells what was then is said when it is read. */
export const MomentScalar = new GraphQLScalarType<AskedMoment, string>({
  name: 'Moment',
  description:
    'A moment of the past: a cursor, as changes and apply return it (what was committed up to it), or ISO 8601 text (what was committed by the newest commit that had begun by then).',
  serialize: (value) => String(value),
  parseValue: momentOf,
  parseLiteral: (node) => momentOf(node.kind === Kind.STRING ? node.value : null),
});

function momentOf(value: unknown): AskedMoment {
  const text = typeof value === 'string' ? value : '';
  if (CURSOR.test(text)) return { type: 'cursor', cursor: text };
  const time = TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return { type: 'time', time: new Date(time).toISOString() };
  throw new GraphQLError(
    'A Moment is a cursor, as changes and apply return it, or ISO 8601 text, such as 2026-11-22T18:30:00Z.',
  );
}

const CURSOR = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:\d{1,18}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
