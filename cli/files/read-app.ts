import { BadInputError } from '../../lib/errors.js';
import type { Session } from '../session.js';
import { readChanges, type StatedResource } from './read-changes.js';
import { readSources } from './read-sources.js';

/** The one App that a file, or `-` for standard input, states. Throws BadInputError when there is anything else in it. */
export async function readApp(session: Session, path: string): Promise<StatedResource> {
  const kinds = await (await session.plane()).kindsWithSchemas();
  const { documents, reader } = await readSources(session, [path]);
  const stated = await readChanges(documents, kinds, reader);
  const [app, another] = stated;
  if (app && !another && app.kind.name === 'App') return app;
  const found = stated.map(({ kind, name }) => `${kind.name} ${name}`).join(', ');
  throw new BadInputError(`-f takes the file of one App here, and ${path} has ${found || 'nothing'}.`, {
    next: 'Apply the rest first: portolan apply -f FILE',
  });
}
