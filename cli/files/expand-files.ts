import { isJsonObject, type JsonObject } from '../../lib/canonical.js';
import type { FileReader } from './file-reader.js';
import { locate, type Path, type Place } from './locate.js';
import { type Manifest, manifestsOf } from './manifests.js';
import { FileProblemsError, type Problem } from './problem.js';
import { readYamlDocuments, type YamlDocument } from './yaml-documents.js';

/** A document in which the contents stand in the place of `files:`. */
export interface ExpandedDocument {
  readonly source: YamlDocument;
  readonly value: unknown;
  /** All Kubernetes objects in it, inline ones too. */
  readonly manifests: readonly (Manifest & { readonly at: Path })[];
  readonly problems: readonly Problem[];
}

/**
 * Reads what `files:` names. It is allowed beside every property that the schema marks as `manifests`, and its
 * objects are added to that property. Paths are relative to the document's file.
 */
export async function expandFiles(
  source: YamlDocument,
  schema: JsonObject,
  reader: FileReader,
): Promise<ExpandedDocument> {
  const manifests: (Manifest & { readonly at: Path })[] = [];
  const problems: Problem[] = [];

  const expandObject = async (value: JsonObject, schemas: readonly JsonObject[], path: Path): Promise<JsonObject> => {
    const properties = propertiesOf(schemas);
    const marked = [...properties].find(([, found]) => found.some((item) => item['x-portolan'] === 'manifests'))?.[0];
    const expanded: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value)) {
      if (key === 'files' && marked !== undefined) continue;
      expanded[key] = await expand(item, properties.get(key) ?? [], [...path, key]);
    }
    if (marked === undefined) return expanded as JsonObject;

    const inline = Array.isArray(value[marked]) ? value[marked] : null;
    const found: Manifest[] = (inline ?? []).flatMap((item, index) =>
      manifestsOf(source, [...path, marked, index], item),
    );
    if (value.files !== undefined) found.push(...(await readListed(value.files, [...path, 'files'])));
    if (inline || value.files !== undefined) {
      expanded[marked] = found.map((manifest) => manifest.object);
      manifests.push(...found.map((manifest, index) => ({ ...manifest, at: [...path, marked, index] })));
    }
    return expanded as JsonObject;
  };
  const expand = async (value: unknown, schemas: readonly JsonObject[], path: Path): Promise<unknown> => {
    if (isJsonObject(value)) return expandObject(value, schemas, path);
    if (!Array.isArray(value)) return value;
    const items = schemas
      .flatMap((item) => branchesOf(item))
      .flatMap((item) => (isJsonObject(item.items) ? [item.items] : []));
    const expanded: unknown[] = [];
    for (const [index, item] of value.entries()) expanded.push(await expand(item, items, [...path, index]));
    return expanded;
  };
  const readListed = async (files: unknown, path: Path): Promise<Manifest[]> => {
    if (!Array.isArray(files) || files.some((file) => typeof file !== 'string')) {
      problems.push({ ...locate(source, path), message: 'files must be a list of paths, such as [manifests/*.yaml]' });
      return [];
    }
    const found: Manifest[] = [];
    for (const [index, file] of files.entries()) {
      try {
        for (const { name, text } of await reader.read(String(file), source.file)) {
          found.push(...readYamlDocuments(name, text).flatMap((document) => manifestsOf(document)));
        }
      } catch (error) {
        if (error instanceof FileProblemsError)
          problems.push(...error.problems.map((problem) => placed(problem, locate(source, [...path, index]))));
        else throw error;
      }
    }
    return found;
  };

  const value = await expand(source.value, [schema], []);
  return { source, value, manifests, problems };
}

/** Where the value at `path` of an expanded document was written: in its own file, or in one that it names. */
export function locateExpanded(expanded: ExpandedDocument, path: Path, what: 'key' | 'value' = 'value'): Place {
  const manifest = expanded.manifests.find(({ at }) => at.every((step, index) => String(path[index]) === String(step)));
  if (!manifest) return locate(expanded.source, path, what);
  return locate(manifest.source, [...manifest.path, ...path.slice(manifest.at.length)], what);
}

/** What a reader says about a path has no line of its own: it is placed where the path was written. */
function placed(problem: Problem, place: Place): Problem {
  return problem.line === null ? { ...place, message: problem.message } : problem;
}

function propertiesOf(schemas: readonly JsonObject[]): ReadonlyMap<string, readonly JsonObject[]> {
  const properties = new Map<string, JsonObject[]>();
  for (const schema of schemas.flatMap((item) => branchesOf(item))) {
    if (!isJsonObject(schema.properties)) continue;
    for (const [key, property] of Object.entries(schema.properties)) {
      if (isJsonObject(property)) properties.set(key, [...(properties.get(key) ?? []), property]);
    }
  }
  return properties;
}

/** A schema and all of its alternatives: a component is one of several shapes. */
function branchesOf(schema: JsonObject): readonly JsonObject[] {
  const branches = [schema.anyOf, schema.oneOf, schema.allOf].flatMap((list) => (Array.isArray(list) ? list : []));
  return [schema, ...branches.filter((branch) => isJsonObject(branch)).flatMap((branch) => branchesOf(branch))];
}
