import { isJsonObject, type Json, type JsonObject } from '../../lib/canonical.js';
import { BadInputError } from '../../lib/errors.js';
import type { ResourceReference } from '../../lib/kind.js';
import { didYouMean } from '../../lib/nearest.js';
import { absent, outputMarker } from '../../lib/output-marker.js';
import type { AppParameter } from '../../schema/kinds/app-parameter.js';
import type { Dependency } from './dependencies.js';

export interface FoundValue {
  /** absent: nobody gave one, so the field that would hold it is left out. */
  readonly value: Json | typeof absent;
  /** The instance chose it; otherwise the release did. */
  readonly isOfInstance: boolean;
}

export interface FindOptions {
  /** Where the reference stands, for the error. */
  readonly path: readonly (string | number)[];
  /** Gets the names of bindings whose outputs are used. */
  readonly used: Set<string>;
  /** Whether an output may stand there: it is not known before it is there, and not everything can wait. */
  readonly takesOutputs: boolean;
}

/** What value references of one app instance mean: parameters, variables of the environment, outputs of dependencies. */
export interface Values {
  /** Throws BadInputError for what names nothing. */
  find(source: string, options: FindOptions): FoundValue;
  /** The edges for the names that were used. */
  bindings(used: ReadonlySet<string>): readonly { readonly name: string; readonly resource: ResourceReference }[];
  /** Makes the dependencies known; those that are found before have none. */
  know(dependencies: readonly Dependency[]): void;
  /** Whether nobody may read it; null: not known before it is there. */
  isSecret(from: string, output: string): boolean | null;
}

export interface ValuesOptions {
  readonly parameters: readonly AppParameter[];
  /** What the instance gives. */
  readonly given: Readonly<Record<string, unknown>>;
  /** null: there is no environment yet, so its variables are not checked. */
  readonly variables: Readonly<Record<string, unknown>> | null;
}

export function createValues({ parameters, given, variables }: ValuesOptions): Values {
  const dependencies = new Map<string, Dependency>();
  const bound = new Map<string, ResourceReference>();

  const parameter = (name: string, { path, used, takesOutputs }: FindOptions): FoundValue => {
    const declared = parameters.find((each) => each.name === name);
    if (!declared) {
      throw new BadInputError(
        `There is no parameter ${name}${didYouMean(
          name,
          parameters.map((each) => each.name),
        )}`,
        { path },
      );
    }
    const value = given[name] as Json | undefined;
    const output = boundOutput(value);
    if (!output)
      return { value: value ?? (declared.default as Json | undefined) ?? absent, isOfInstance: value !== undefined };
    if (!takesOutputs)
      throw notHere(`parameters.${name} is an output of ${output.from.kind} ${output.from.name}`, path);
    const key = `parameters.${name}`;
    bound.set(key, output.from);
    used.add(key);
    return { value: outputMarker(key, output.output), isOfInstance: true };
  };

  const output = (name: string, wanted: string, { path, used, takesOutputs }: FindOptions): FoundValue => {
    const dependency = dependencies.get(name);
    if (!dependency) {
      const known = ['parameters', 'environment', ...dependencies.keys()];
      throw new BadInputError(`{ $from: ${name}.${wanted} } names nothing${didYouMean(name, known)}`, { path });
    }
    if (dependency.outputs && !dependency.outputs.includes(wanted)) {
      const { kind } = dependency.target;
      throw new BadInputError(`${kind} ${name} has no output ${wanted}${didYouMean(wanted, dependency.outputs)}`, {
        path,
      });
    }
    if (!takesOutputs) throw notHere(`${name}.${wanted} is an output`, path);
    used.add(name);
    return { value: outputMarker(name, wanted), isOfInstance: false };
  };

  return {
    find(source, options) {
      const dot = source.indexOf('.');
      const [from, name] = [source.slice(0, dot), source.slice(dot + 1)];
      if (dot < 1 || name === '') {
        throw new BadInputError(
          `{ $from: ${source} } has no name before or after a dot. Write parameters.NAME, environment.NAME or DEPENDENCY.OUTPUT.`,
          { path: options.path },
        );
      }
      if (from === 'parameters') return parameter(name, options);
      if (from === 'environment') return { value: variable(variables, name, options.path), isOfInstance: false };
      return output(from, name, options);
    },
    bindings: (used) =>
      [...used].sort().map((name) => {
        const resource = dependencies.get(name)?.target ?? bound.get(name);
        if (!resource) throw new Error(`The binding ${name} leads nowhere. This is a defect in Portolan.`);
        return { name, resource };
      }),
    know(all) {
      for (const dependency of all) dependencies.set(dependency.name, dependency);
    },
    isSecret: (from, name) => {
      const dependency = dependencies.get(from);
      return dependency ? dependency.isSecret(name) : null;
    },
  };
}

/** `{ $output: { from: ResourceReference, output } }`, as an instance binds a parameter. */
function boundOutput(value: Json | undefined): { readonly from: ResourceReference; readonly output: string } | null {
  if (!isJsonObject(value) || !isJsonObject(value.$output)) return null;
  const { from, output } = value.$output;
  if (!isJsonObject(from) || typeof output !== 'string') return null;
  const { kind, name, scope } = from as JsonObject;
  if (typeof kind !== 'string' || typeof name !== 'string') return null;
  const given = from as unknown as ResourceReference;
  return { from: { ...given, scope: scope === 'project' ? 'project' : 'environment' }, output };
}

function variable(
  variables: Readonly<Record<string, unknown>> | null,
  name: string,
  path: readonly (string | number)[],
): Json {
  if (variables === null) return '';
  const value = variables[name];
  if (typeof value === 'string') return value;
  throw new BadInputError(`The environment has no variable ${name}${didYouMean(name, Object.keys(variables))}`, {
    path,
  });
}

function notHere(what: string, path: readonly (string | number)[]): BadInputError {
  return new BadInputError(
    `${what}, which is known only once it is there. It can go into objects, values of a chart and variables of a TerraformStack, not here.`,
    { path },
  );
}
