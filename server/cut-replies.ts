import type { Failpoint } from '../lib/failpoint.js';
import type { Route } from './http.js';

/** The same route, whose answers may be cut in the middle: half of the body goes out, and then the connection is gone. */
export function cutReplies(handle: Route['handle'], failpoint: Failpoint): Route['handle'] {
  return (request, response) => {
    const end = response.end.bind(response);
    const endOrCut = (body?: unknown) => {
      const isBody = typeof body === 'string' || Buffer.isBuffer(body);
      if (!isBody || failpoint('replyCut', '') !== true) return end(body);
      const bytes = Buffer.from(body);
      response.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => response.destroy());
      return response;
    };
    response.end = endOrCut as typeof response.end;
    return handle(request, response);
  };
}
