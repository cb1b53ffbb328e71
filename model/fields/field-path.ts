/** One step into a spec: to a field of an object, or to the item of a list that has this key. */
export interface FieldStep {
  readonly key: string;
  readonly isItem: boolean;
}

/** A place in a spec, whether something is there or not. The root is `''`, and has no step. */
export interface FieldPlace {
  /** `components[web].objects[Deployment/web].spec.replicas`; names with dots are quoted: `labels["example.com/team"]`. */
  readonly path: string;
  readonly parent: FieldPlace | null;
  readonly step: FieldStep | null;
}

export const rootPlace: FieldPlace = { path: '', parent: null, step: null };

/** The path one step further. */
export function pathBelow(path: string, { key, isItem }: FieldStep): string {
  if (isItem) return `${path}[${key.replace(/[\\\]]|^"/g, '\\$&')}]`;
  if (key === '' || /[.[\]"\\]/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

/** Reads a path back. What is not a path as `pathBelow` writes it is read as far as it goes. */
export function parseFieldPath(text: string): FieldPlace {
  let place = rootPlace;
  for (const [, quoted, item, plain] of text.matchAll(STEP)) {
    const step =
      quoted !== undefined ? field(unquoted(quoted)) : item !== undefined ? itemStep(item) : field(plain ?? '');
    place = { path: pathBelow(place.path, step), parent: place, step };
  }
  return place;
}

const STEP = /\[("(?:[^"\\]|\\.)*")\]|\[((?:[^\\\]]|\\.)*)\]|([^.[]+)/g;

const field = (key: string): FieldStep => ({ key, isItem: false });
const itemStep = (text: string): FieldStep => ({ key: text.replace(/\\(.)/g, '$1'), isItem: true });

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}
