import { createServer } from 'node:http';

export interface MetricsServer {
  close(): Promise<void>;
}

export interface MetricsServerOptions {
  readonly host: string;
  readonly port: number;
  /** Whole lines as Prometheus reads them, at every request anew. */
  readonly metrics: () => string;
}

/**
 * For a process of controllers alone: `GET /metrics`, and `GET /healthz`, which answers as long as the process does.
 * @throws Error when the address cannot be had.
 */
export async function startMetricsServer({ host, port, metrics }: MetricsServerOptions): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (isRead && path === '/healthz') response.writeHead(200, { 'content-type': 'text/plain' }).end('ok\n');
    else if (isRead && path === '/metrics') {
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(metrics());
    } else response.writeHead(404, { 'content-type': 'text/plain' }).end('There are /healthz and /metrics.\n');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new Error(
          `Metrics cannot be served on ${host}:${port}: ${cause.message}. Give a free port in PORTOLAN_METRICS_PORT.`,
          { cause },
        ),
      ),
    );
    server.listen({ host, port }, resolve);
  });
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
