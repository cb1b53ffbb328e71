import { isJsonObject } from '../../lib/canonical.js';

export interface TokenLifetime {
  /** Milliseconds since the Unix epoch. */
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
}

/**
 * From when until when a token is good, as it says itself; null for what is no JWT or does not expire. Nothing is
 * verified: whoever is shown the token does that. (RFC 7519, section 4.1)
 */
export function tokenLifetime(token: unknown): TokenLifetime | null {
  if (typeof token !== 'string') return null;
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature === undefined) return null;
  const claims = parsed(Buffer.from(payload, 'base64url').toString('utf8'));
  if (!isJsonObject(claims) || typeof claims.exp !== 'number') return null;
  const expiresAtMs = claims.exp * 1000;
  return { expiresAtMs, issuedAtMs: typeof claims.iat === 'number' ? claims.iat * 1000 : expiresAtMs };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
