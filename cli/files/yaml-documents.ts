import { type Document, LineCounter, parseAllDocuments, type ScalarTag } from 'yaml';
import { type Problem, refuseProblems } from './problem.js';

/** One document of a YAML (or JSON) file, with what it takes to say where something in it is. */
export interface YamlDocument {
  readonly file: string;
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
  readonly value: unknown;
}

/**
 * All documents of a text that are not empty. Throws FileProblemsError with line and column when it is not YAML.
 * Scalars are read as kubectl reads them: `yes` and `on` are booleans, 0644 is octal, `<<` merges.
 */
export function readYamlDocuments(file: string, text: string): readonly YamlDocument[] {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: true,
    merge: true,
    customTags: (tags) => [booleanOfYaml11, octalOfYaml11, ...tags],
  });
  const documents: readonly Document.Parsed[] = Array.isArray(parsed) ? parsed : [];
  refuseProblems(documents.flatMap((document) => syntaxProblems(file, document)));
  return documents
    .filter((document) => document.contents !== null)
    .map((document) => ({ file, document, lines, value: contentOf(file, document) }))
    .filter(({ value }) => value !== null);
}

function syntaxProblems(file: string, document: Document.Parsed): Problem[] {
  const places = document.errors.map((error) => error.pos[0]);
  // The parser says several things of one place; the first is the nearest to the cause.
  const told = document.errors.filter((error, index) => places.indexOf(error.pos[0]) === index);
  return told.map((error) => ({
    file,
    line: error.linePos?.[0].line ?? null,
    column: error.linePos?.[0].col ?? null,
    // The first line says what; those after it repeat the text with a marker.
    message: `not valid YAML: ${(error.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '')}`,
  }));
}

function contentOf(file: string, document: Document.Parsed): unknown {
  try {
    return document.toJS();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    refuseProblems([{ file, line: null, column: null, message: `not valid YAML: ${message}` }]);
    return null;
  }
}

const booleanOfYaml11: ScalarTag = {
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  test: /^(?:yes|Yes|YES|on|On|ON|no|No|NO|off|Off|OFF)$/,
  resolve: (text) => /^(?:y|on)/i.test(text),
};

const octalOfYaml11: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^[-+]?0[0-7]+$/,
  resolve: (text) => Number.parseInt(text, 8),
};
