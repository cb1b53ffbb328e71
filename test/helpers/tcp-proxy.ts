import { type AddressInfo, createConnection, createServer, type Server, type Socket } from 'node:net';

/** Stands between a client and a server, so that a test can take the server away from that client alone. */
export interface TcpProxy {
  /** On 127.0.0.1, the same after a break. */
  readonly port: number;
  /** Ends all connections and takes no more. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  close(): Promise<void>;
}

export async function startTcpProxy(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const track = (socket: Socket) => {
    sockets.add(socket);
    // A connection that breaks is what the proxy is for.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  };
  const listen = (port: number) =>
    new Promise<Server>((resolve, reject) => {
      const server = createServer((incoming) => {
        const outgoing = createConnection(target);
        track(incoming);
        track(outgoing);
        incoming.pipe(outgoing).pipe(incoming);
      });
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => resolve(server));
    });
  let server: Server | null = await listen(0);
  const { port } = server.address() as AddressInfo;
  const cut = async () => {
    const closing = server;
    server = null;
    const closed = new Promise((resolve) => (closing ? closing.close(resolve) : resolve(null)));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    port,
    cut,
    async mend() {
      server ??= await listen(port);
    },
    close: cut,
  };
}
