import { BadInputError } from '../../lib/errors.js';
import type { Session } from '../session.js';
import { createFileReader, type FileReader, standardInput } from './file-reader.js';
import { readYamlDocuments, type YamlDocument } from './yaml-documents.js';

/** All documents of what `-f` names: files, folders, globs, and `-` for standard input. */
export async function readSources(
  session: Session,
  paths: readonly string[],
): Promise<{ documents: readonly YamlDocument[]; reader: FileReader }> {
  const reader = createFileReader(session.workingFolder);
  const documents: YamlDocument[] = [];
  for (const path of paths) {
    const texts =
      path === '-'
        ? [{ name: standardInput, text: await session.readStandardInput() }]
        : await reader.read(path, standardInput);
    for (const { name, text } of texts) documents.push(...readYamlDocuments(name, text));
  }
  if (documents.length === 0) {
    throw new BadInputError(
      `There is no document in ${paths.map((path) => (path === '-' ? standardInput : path)).join(', ')}.`,
    );
  }
  return { documents, reader };
}
