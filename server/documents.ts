import { createHash } from 'node:crypto';
import { type DocumentNode, type GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import { LimitExceededError } from '../lib/errors.js';
import type { Limits } from './limits.js';
import { measureDocument } from './measure-document.js';

export type Prepared =
  | { readonly document: DocumentNode }
  /** What is wrong with it: GraphQLError, or LimitExceededError. */
  | { readonly errors: readonly Error[] };

/** Parsed, validated and measured documents: each once, in a bounded cache that HTTP and sockets share. */
export interface Documents {
  prepare(source: string): Prepared;
  /** The prepared document of a source with this SHA-256 (hex), for Apollo, which knows it by that. */
  byHash(hash: string): DocumentNode | undefined;
}

export function createDocuments(schema: GraphQLSchema, limits: Limits): Documents {
  const entries = new Map<string, { readonly document: DocumentNode; readonly hash: string }>();
  const hashes = new Map<string, DocumentNode>();
  let characters = 0;

  const keep = (source: string, document: DocumentNode) => {
    const hash = createHash('sha256').update(source).digest('hex');
    entries.set(source, { document, hash });
    hashes.set(hash, document);
    characters += source.length;
    for (const [oldest, entry] of entries) {
      if (entries.size <= limits.cachedDocuments && characters <= CACHED_CHARACTERS) break;
      entries.delete(oldest);
      hashes.delete(entry.hash);
      characters -= oldest.length;
    }
  };

  return {
    prepare(source) {
      const entry = entries.get(source);
      if (entry) {
        // Moves it to the young end: a Map keeps the order of insertion.
        entries.delete(source);
        entries.set(source, entry);
        return entry;
      }
      const prepared = prepareDocument(schema, limits, source);
      if ('document' in prepared) keep(source, prepared.document);
      return prepared;
    },
    byHash: (hash) => hashes.get(hash),
  };
}

/** Bounds the memory of the cache where documents are long: about 16 bytes of syntax tree per character. */
const CACHED_CHARACTERS = 2_000_000;

/** One mistake repeated in a thousand places is told this often. */
const MAX_ERRORS = 20;

function prepareDocument(schema: GraphQLSchema, limits: Limits, source: string): Prepared {
  if (source.length > limits.documentCharacters) {
    return refuse('characters', source.length, limits.documentCharacters, 'Put what is large into variables.');
  }
  let document: DocumentNode;
  try {
    document = parse(source, { maxTokens: limits.documentCharacters });
  } catch (error) {
    return { errors: [error as GraphQLError] };
  }
  const size = measureDocument(document);
  if (size.depth > limits.depth) return refuse('levels of fields', size.depth, limits.depth);
  if (size.fields > limits.fields) return refuse('fields', size.fields, limits.fields);
  if (size.aliases > limits.aliases) return refuse('aliased fields', size.aliases, limits.aliases);
  const errors = validate(schema, document, undefined, { maxErrors: MAX_ERRORS });
  return errors.length > 0 ? { errors } : { document };
}

function refuse(what: string, found: number, limit: number, next = 'Ask in several documents.'): Prepared {
  return {
    errors: [
      new LimitExceededError(`The document has ${found} ${what}; at most ${limit} are allowed.`, { limit, next }),
    ],
  };
}
