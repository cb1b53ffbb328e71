import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from './api-client.js';
import { type ContainerStatus, logLines, selectLines, WaitingError } from './container-log.js';

/*
 * What the API server asks a node's kubelet for: the logs of containers. Pods are played by kwok; what their containers
 * say is a function of their state in the cluster (container-log.ts), so that all who ask are told the same.
 */

export interface Kubelet {
  /** For the node's status. */
  readonly port: number;
  close(): void;
}

export interface KubeletOptions {
  readonly api: ApiClient;
  readonly caPem: string;
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/** How often a followed log looks for more, and whether its container is still there. */
const pollMs = 200;

interface Pod {
  readonly status?: {
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
  };
}

/** Serves `GET /containerLogs/NAMESPACE/POD/CONTAINER` to the API server alone. Does not keep this process alive. */
export async function startKubelet({ api, caPem, certificatePem, privateKeyPem }: KubeletOptions): Promise<Kubelet> {
  const server = createServer({
    cert: certificatePem,
    key: privateKeyPem,
    ca: caPem,
    requestCert: true,
    rejectUnauthorized: true,
  });
  const statusOf = async (namespace: string, pod: string, container: string) => {
    const { status } = await api.call<Pod>('GET', `/api/v1/namespaces/${namespace}/pods/${pod}`);
    const all = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
    return all.find(({ name }) => name === container) ?? { name: container };
  };

  server.on('request', async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'https://kubelet');
    const [, what, namespace = '', pod = '', container = ''] = pathname.split('/').map(decodeURIComponent);
    if (what !== 'containerLogs') {
      response.writeHead(404).end();
      return;
    }
    const followedSinceMs = Date.now();
    const read = async () => {
      const status = await statusOf(namespace, pod, container);
      const previous = searchParams.get('previous') === 'true';
      return { status, lines: logLines(pod, status, { previous, followedSinceMs, nowMs: Date.now() }) };
    };
    try {
      const first = await read();
      const text = selectLines(first.lines, searchParams, Date.now());
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.flushHeaders();
      response.write(text);
      if (searchParams.get('follow') === 'true' && isRunning(first.status)) await follow(first);
      response.end();
    } catch (error) {
      // A log that is under way can only break off.
      if (response.headersSent) return void response.destroy();
      // Kubelets answer 400 to whatever is wrong with a log; the API server hands the words on.
      const code = error instanceof WaitingError ? 400 : 500;
      response.writeHead(code).end(error instanceof Error ? error.message : String(error));
    }

    async function follow(first: Awaited<ReturnType<typeof read>>): Promise<void> {
      const all = new URLSearchParams(searchParams.get('timestamps') === 'true' ? { timestamps: 'true' } : {});
      for (let sent = first.lines.length; !response.destroyed; ) {
        await delay(pollMs, null, { ref: false });
        // The pod may be gone: then the log has ended.
        const now = await read().catch(() => null);
        if (now === null || startedAt(now.status) !== startedAt(first.status)) return;
        response.write(selectLines(now.lines.slice(sent), all, Date.now()));
        sent = now.lines.length;
      }
    }
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  server.unref();
  server.on('secureConnection', (socket) => socket.unref());
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const isRunning = ({ state }: ContainerStatus): boolean => state?.running != null;
const startedAt = ({ state }: ContainerStatus): string => state?.running?.startedAt ?? '';
