import { isJsonObject, type JsonObject } from '../../lib/canonical.js';
import { nearest } from '../../lib/nearest.js';
import type { KindWithSchema } from '../kinds/kind-view.js';
import { listOf } from '../kinds/match-kind.js';
import { type ExpandedDocument, expandFiles, locateExpanded } from './expand-files.js';
import type { FileReader } from './file-reader.js';
import { locate, type Path, type Place } from './locate.js';
import { checkManifest, duplicateManifests } from './manifests.js';
import { type Problem, refuseProblems } from './problem.js';
import { schemaProblems } from './schema-problems.js';
import type { YamlDocument } from './yaml-documents.js';

/** One document of a file, checked: what it states. null: not stated. */
export interface StatedResource {
  readonly kind: KindWithSchema;
  readonly name: string;
  readonly project: string | null;
  readonly environment: string | null;
  readonly labels: JsonObject | null;
  readonly spec: JsonObject;
  /** `file:line`. */
  readonly place: string;
  /** Where what stands at this path was written: `['spec', 'components', 0]`. */
  locate(path: Path): Place;
}

/**
 * Checks documents against the kinds of the plane and reads what they name. Throws FileProblemsError with every
 * problem of all of them. Those that others refer to come first.
 */
export async function readChanges(
  documents: readonly YamlDocument[],
  kinds: readonly KindWithSchema[],
  reader: FileReader,
): Promise<readonly StatedResource[]> {
  const problems: Problem[] = [];
  const stated: StatedResource[] = [];
  for (const source of documents) {
    const kind = kindOf(source, kinds, problems);
    if (!kind) continue;
    const expanded = await expandFiles(source, kind.fileSchema, reader);
    const found = problemsOf(expanded, kind);
    problems.push(...found);
    if (found.length === 0) stated.push(statedOf(expanded, kind));
  }
  problems.push(...duplicates(stated));
  refuseProblems(problems);
  return inOrder(stated, kinds);
}

function kindOf(source: YamlDocument, kinds: readonly KindWithSchema[], problems: Problem[]): KindWithSchema | null {
  const refuse = (message: string, path: readonly string[] = []) => {
    problems.push({ ...locate(source, path), message });
    return null;
  };
  const names = kinds.filter((kind) => kind.isMadeByUser).map((kind) => kind.name);
  if (!isJsonObject(source.value)) return refuse('a document must be an object with kind, name and spec');
  const { kind: word, apiVersion } = source.value;
  if (apiVersion !== undefined) {
    const what = typeof word === 'string' ? `Kubernetes ${word}` : 'Kubernetes object';
    return refuse(`this is a ${what}, not one of Portolan's; list its file under spec.components[].files of an App`, [
      'apiVersion',
    ]);
  }
  if (word === undefined) return refuse(`a document needs "kind", one of ${listOf(names)}`);
  const kind = kinds.find((item) => item.name === word);
  if (!kind) {
    const near = nearest(String(word), names);
    return refuse(
      `there is no kind "${String(word)}"; ${near ? `did you mean "${near}"?` : `there are ${listOf(names)}`}`,
      ['kind'],
    );
  }
  if (!kind.isMadeByUser)
    return refuse(`${kind.name} is made by Portolan itself and cannot be written in a file`, ['kind']);
  return kind;
}

function problemsOf(expanded: ExpandedDocument, kind: KindWithSchema): readonly Problem[] {
  const manifests = expanded.manifests.flatMap((manifest) => checkManifest(manifest));
  const ofSchema = schemaProblems(kind.fileSchema, expanded.value)
    // What is wrong with an object was said above, and in better words.
    .filter(({ path }) => !isInManifest(expanded, path))
    // A list that is empty because its files could not be read is no problem of its own.
    .filter(() => expanded.problems.length === 0)
    .map(({ path, at, message }) => ({ ...locateExpanded(expanded, path, at), message }));
  return [...expanded.problems, ...ofSchema, ...manifests, ...duplicateManifests(expanded.manifests)];
}

function isInManifest(expanded: ExpandedDocument, path: readonly (string | number)[]): boolean {
  return expanded.manifests.some(({ at }) => at.every((step, index) => String(path[index]) === String(step)));
}

function statedOf(expanded: ExpandedDocument, kind: KindWithSchema): StatedResource {
  const value = isJsonObject(expanded.value) ? expanded.value : {};
  const text = (key: string) => (typeof value[key] === 'string' ? value[key] : null);
  const { file, line } = locate(expanded.source, []);
  return {
    kind,
    name: text('name') ?? '',
    project: text('project'),
    environment: text('environment'),
    labels: isJsonObject(value.labels) ? value.labels : null,
    spec: isJsonObject(value.spec) ? value.spec : {},
    place: `${file}:${line}`,
    locate: (path) => locateExpanded(expanded, path),
  };
}

function duplicates(stated: readonly StatedResource[]): readonly Problem[] {
  const seen = new Map<string, StatedResource>();
  return stated.flatMap((resource) => {
    const key = [resource.kind.name, resource.project, resource.environment, resource.name].join('|');
    const first = seen.get(key);
    seen.set(key, first ?? resource);
    if (!first) return [];
    const [file = '', line = ''] = resource.place.split(/:(?=\d+$)/);
    return [
      {
        file,
        line: Number(line),
        column: null,
        message: `${resource.kind.name} ${resource.name} is there twice; first at ${first.place}`,
      },
    ];
  });
}

/** Kinds that others refer to come first, whatever the order in the files. */
function inOrder(stated: readonly StatedResource[], kinds: readonly KindWithSchema[]): readonly StatedResource[] {
  const depths = new Map<string, number>();
  const depthOf = (name: string, above: readonly string[]): number => {
    const known = depths.get(name);
    if (known !== undefined || above.includes(name)) return known ?? 0;
    const references = kinds.find((kind) => kind.name === name)?.references ?? [];
    const depth = Math.max(0, ...references.map((reference) => 1 + depthOf(reference.kind, [...above, name])));
    depths.set(name, depth);
    return depth;
  };
  // What lives in a project or an environment comes after it, though no path of its spec says so.
  const scopes = { plane: 0, project: 100, environment: 200, owner: 300 };
  const rank = ({ kind }: StatedResource) => scopes[kind.scope] + depthOf(kind.name, []);
  return [...stated].sort((a, b) => rank(a) - rank(b));
}
