import type { IncomingMessage } from 'node:http';

export interface AccessOptions {
  /** The address that the server is bound to: a name by itself, unless it means "all". */
  readonly host: string;
  /** Names besides loopback, lower case, without port. */
  readonly allowedHosts: readonly string[];
  /** Origins besides the server's own. */
  readonly allowedOrigins: readonly string[];
}

/** Which pages may speak to this server at all, before anybody is asked for a token. */
export interface Access {
  /** null: the request came under one of our names. Else why not, in a sentence. Stops pages that rebind their DNS name to loopback. */
  refuseHost(request: IncomingMessage): string | null;
  /** null: not from a browser's page, or from one of ours. Else why not, in a sentence. */
  refuseOrigin(request: IncomingMessage): string | null;
  /** The request's origin when it is another page's that is allowed, so that a browser must be told; else null. */
  foreignOrigin(request: IncomingMessage): string | null;
}

export function createAccess(options: AccessOptions): Access {
  const hosts = new Set(['localhost', '127.0.0.1', '[::1]', ...options.allowedHosts]);
  if (!everyAddress.has(options.host)) hosts.add(urlHost(options.host));
  const origins = new Set(options.allowedOrigins);

  const isOurs = (request: IncomingMessage, origin: string) =>
    // The Host has been checked before, so whoever has the same one is our own page, behind TLS or not.
    URL.canParse(origin) && new URL(origin).host === hostOf(request)?.host;

  return {
    refuseHost(request) {
      const host = hostOf(request);
      if (host && hosts.has(host.hostname)) return null;
      return `This server does not answer to the name "${printable(request.headers.host)}". To allow it, add it to PORTOLAN_ALLOWED_HOSTS and start again.`;
    },
    refuseOrigin(request) {
      const { origin } = request.headers;
      if (origin === undefined || isOurs(request, origin) || origins.has(origin)) return null;
      return `Pages of "${printable(origin)}" may not use this server. To allow them, add that origin to PORTOLAN_ALLOWED_ORIGINS and start again.`;
    },
    foreignOrigin(request) {
      const { origin } = request.headers;
      return origin !== undefined && origins.has(origin) && !isOurs(request, origin) ? origin : null;
    },
  };
}

/** Addresses that mean "any of this machine's" and are nobody's name. */
const everyAddress = new Set(['0.0.0.0', '::', '']);

/** An address as it stands in a URL: IPv6 in brackets. */
export function urlHost(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host.toLowerCase()}]` : host.toLowerCase();
}

/** The same few names come again and again, and parsing one costs more than all else that is checked here. */
const parsedHosts = new Map<string, ParsedHost | null>();
const MOST_PARSED_HOSTS = 100;

interface ParsedHost {
  readonly host: string;
  readonly hostname: string;
}

function hostOf({ headers: { host = '' } }: IncomingMessage): ParsedHost | null {
  const known = parsedHosts.get(host);
  if (known !== undefined) return known;
  const parsed = parseHost(host);
  if (parsedHosts.size < MOST_PARSED_HOSTS) parsedHosts.set(host, parsed);
  return parsed;
}

function parseHost(host: string): ParsedHost | null {
  // A Host is a name and a port. Whatever else a URL could hold (user, path) is no Host.
  if (!/^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i.test(host)) return null;
  const url = URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : null;
  return url && { host: url.host, hostname: url.hostname };
}

const printable = (text: string | undefined) => (text ?? '').replace(/[^\x20-\x7e]/g, '?').slice(0, 100);
