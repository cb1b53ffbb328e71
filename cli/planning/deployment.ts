import { BadInputError } from '../../lib/errors.js';
import { readApp } from '../files/read-app.js';
import type { StatedResource } from '../files/read-changes.js';
import { matchKind } from '../kinds/match-kind.js';
import { lookFor, notFound } from '../resources/find-resource.js';
import type { Session } from '../session.js';
import { readParameters } from './parameters.js';
import type { Edits } from './plan-input.js';
import { statedEdit } from './stated-edit.js';

export interface DeploymentOptions {
  readonly env: string;
  readonly project?: string;
  readonly runtime?: string;
  /** Of the instance. */
  readonly name?: string;
  readonly release?: number;
  readonly set?: readonly string[];
}

/** What deploys an app, with its file before it if there is one: the same for `deploy` and its plan. */
export interface Deployment {
  readonly edits: Edits;
  /** Of the instance. */
  readonly name: string;
}

/** `source` is the path of a file, or what was read of it. Throws NotFoundError when the environment is not there. */
export async function readDeployment(
  session: Session,
  app: string | undefined,
  source: string | StatedResource | null,
  options: DeploymentOptions,
): Promise<Deployment> {
  const file = typeof source === 'string' ? await readApp(session, source) : source;
  const appName = file?.name ?? app;
  if (appName === undefined) throw new BadInputError('Say which app to deploy: its name, or its file with -f.');
  if (file && app !== undefined && app !== file.name)
    throw new BadInputError(`The file ${file.place} is of the app ${file.name}, not of ${app}.`);
  const project = options.project ?? file?.project ?? null;
  await refuseMissingEnvironment(session, options.env, project);

  const parameters = await readParameters(session, { name: appName, project, spec: file?.spec ?? null }, options.set);
  const spec = {
    app: appName,
    ...(options.release === undefined ? {} : { release: options.release }),
    ...(options.runtime === undefined ? {} : { runtime: options.runtime }),
    ...(parameters === null ? {} : { parameters }),
  };
  const name = options.name ?? appName;
  const deploy = { op: 'DEPLOY' as const, kind: 'AppInstance', name, project, environment: options.env, spec };
  return { name, edits: file ? [{ ...statedEdit(file, {}), project }, deploy] : [deploy] };
}

/** A missing environment is not made on the way: a slip of the pen must not deploy to a new place. */
async function refuseMissingEnvironment(session: Session, name: string, project: string | null): Promise<void> {
  const kind = matchKind('Environment', await (await session.plane()).kinds());
  const place = { project: project ?? 'default' };
  if ((await lookFor(session, kind, name, place)).length === 0) throw await notFound(session, kind, name, place);
}
