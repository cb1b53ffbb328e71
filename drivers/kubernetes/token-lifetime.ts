/**
 * For how long a registered runtime asks for its token, in seconds: thirty days. Long enough for a plane on a laptop
 * that is closed for some weeks; the API server may give less.
 */
export const tokenLifetimeSeconds = 30 * 24 * 3600;
