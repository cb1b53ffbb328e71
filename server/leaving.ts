import type { ServerResponse } from 'node:http';
import { Leaving } from '../lib/leaving.js';

/** Whoever waits for this response leaves by closing it. */
export function watchLeaving(response: ServerResponse): Pick<Leaving, 'signal'> {
  const leaving = new Leaving();
  response.once('close', () => leaving.leave());
  return leaving;
}
