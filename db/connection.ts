/** Where a database is and who asks. Never logged as a whole: see `describeConnection`. */
export interface DatabaseConnection {
  /** A host name, or the folder of a unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password?: string;
  readonly database: string;
  /** TLS as `pg` takes it. Absence means none. */
  readonly ssl?: { readonly rejectUnauthorized: boolean };
}

/** Reads `postgres://user:password@host:port/database?sslmode=require`. Throws an Error that does not repeat the password. */
export function parseDatabaseUrl(text: string): DatabaseConnection {
  const url = URL.parse(text);
  if (!url || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    throw new Error(
      'DATABASE_URL is not a Postgres URL. Write it as postgres://user:password@host:5432/database, special characters percent-encoded.',
    );
  }
  const mode = url.searchParams.get('sslmode');
  const ssl =
    mode === null || mode === 'disable' || mode === 'prefer' ? null : { rejectUnauthorized: mode !== 'require' };
  return {
    host: url.searchParams.get('host') ?? (url.hostname.replace(/^\[|\]$/g, '') || 'localhost'),
    port: Number(url.port || url.searchParams.get('port') || 5432),
    user: decodeURIComponent(url.username) || 'postgres',
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
    database: decodeURIComponent(url.pathname.slice(1)) || 'postgres',
    ...(ssl ? { ssl } : {}),
  };
}

/** For logs and errors: `host:port/database`, never the password. */
export function describeConnection(connection: DatabaseConnection): string {
  return `${connection.host}:${connection.port}/${connection.database}`;
}
