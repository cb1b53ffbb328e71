import { isJsonObject, type Json, type JsonObject } from '../../lib/canonical.js';
import { BadInputError } from '../../lib/errors.js';
import { didYouMean } from '../../lib/nearest.js';

/** One `COMPONENT=IMAGE` or `COMPONENT/CONTAINER=IMAGE`. */
export interface WantedImage {
  readonly component: string;
  /** null: its only one. */
  readonly container: string | null;
  readonly image: string;
}

/** Throws BadInputError. */
export function parseWantedImage(text: string): WantedImage {
  const [, component, container, image] = /^([^/=\s]+)(?:\/([^/=\s]+))?=(\S+)$/.exec(text) ?? [];
  if (component === undefined || image === undefined) {
    throw new BadInputError(`"${text}" must be COMPONENT=IMAGE or COMPONENT/CONTAINER=IMAGE.`);
  }
  return { component, container: container ?? null, image };
}

/**
 * The part of an app's spec that states these images and nothing else: to be applied as a part. A container of one name
 * in several objects of the component gets the image in all of them. Throws BadInputError naming what there is.
 */
export function imageStatement(app: string, spec: JsonObject, wanted: readonly WantedImage[]): JsonObject {
  const components = objectsAt(spec, 'components');
  const names = [...new Set(wanted.map(({ component }) => component))];
  return {
    components: names.map((name) => {
      const component = components.find((each) => each.name === name);
      if (!component) {
        const known = components.map((each) => String(each.name));
        throw new BadInputError(`The app ${app} has no component ${name}${didYouMean(name, known)}`);
      }
      const objects = objectsAt(component, 'objects');
      const images = imagesByContainer(
        name,
        [...new Set(objects.flatMap(containersIn))],
        wanted.filter((each) => each.component === name),
      );
      return { name, objects: objects.flatMap((object) => partOf(object, images) ?? []) };
    }),
  };
}

function imagesByContainer(
  component: string,
  known: readonly string[],
  wanted: readonly WantedImage[],
): ReadonlyMap<string, string> {
  const [only, another] = known;
  if (only === undefined) throw new BadInputError(`The component ${component} has no manifests with containers.`);
  const images = new Map<string, string>();
  for (const { container, image } of wanted) {
    if (container === null && another !== undefined) {
      throw new BadInputError(`The component ${component} has several containers: ${known.join(', ')}.`, {
        next: `Say which: ${component}/${only}=${image}`,
      });
    }
    const name = container ?? only;
    if (!known.includes(name))
      throw new BadInputError(`The component ${component} has no container ${name}${didYouMean(name, known)}`);
    if (images.has(name)) throw new BadInputError(`The container ${name} of ${component} is named twice.`);
    images.set(name, image);
  }
  return images;
}

/** Names of the containers in an object, wherever it describes a pod: in a Deployment, a CronJob, a kind of one's own. */
function containersIn(value: JsonObject): readonly string[] {
  return Object.entries(value).flatMap(([key, below]) => {
    if (CONTAINERS.has(key))
      return objectsAt(value, key).flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
    return isJsonObject(below) ? containersIn(below) : [];
  });
}

const CONTAINERS: ReadonlySet<string> = new Set(['containers', 'initContainers']);

/** What of an object has these containers, with what tells it from others; null: none of it. */
function partOf(object: JsonObject, images: ReadonlyMap<string, string>): JsonObject | null {
  const { apiVersion = '', kind = '', metadata } = object;
  const { name = '', namespace } = isJsonObject(metadata) ? metadata : {};
  const part = imagesIn(object, images);
  return part && { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) }, ...part };
}

function imagesIn(value: JsonObject, images: ReadonlyMap<string, string>): JsonObject | null {
  const entries = Object.entries(value).flatMap(([key, below]): [string, Json][] => {
    if (CONTAINERS.has(key)) {
      const containers = objectsAt(value, key).flatMap(({ name }) => {
        const image = typeof name === 'string' ? images.get(name) : undefined;
        return name !== undefined && image !== undefined ? [{ name, image }] : [];
      });
      return containers.length > 0 ? [[key, containers]] : [];
    }
    const part = isJsonObject(below) ? imagesIn(below, images) : null;
    return part ? [[key, part]] : [];
  });
  return entries.length > 0 ? Object.fromEntries(entries) : null;
}

function objectsAt(value: JsonObject, key: string): readonly JsonObject[] {
  const found = value[key];
  return Array.isArray(found) ? found.filter(isJsonObject) : [];
}
