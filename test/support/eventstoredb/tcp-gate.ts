// A TCP relay before a server: connections go through, are dropped, refused or left silent on
// demand.
import { connect, createServer, type Server, type Socket } from 'node:net';

export class TcpGate {
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  private target = 0;
  private port = 0;

  /** @param targetPort where the server listens; a new one may be set while the gate's own stays */
  async open(targetPort: number): Promise<number> {
    this.target = targetPort;
    if (!this.server) await this.listen();
    return this.port;
  }

  /** Resets every connection; new ones go through. */
  drop(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  /** Refuses new connections and resets the others, until open() is called. */
  async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    this.drop();
    if (server) await new Promise((closed) => server.close(closed));
  }

  private listen(): Promise<void> {
    const server = createServer({ noDelay: true }, (socket) => this.relay(socket));
    this.server = server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, '127.0.0.1', () => {
        const address = server.address();
        if (typeof address === 'object' && address) this.port = address.port;
        resolve();
      });
    });
  }

  private relay(socket: Socket): void {
    const other = connect({ port: this.target, host: '127.0.0.1', noDelay: true });
    for (const end of [socket, other]) {
      this.sockets.add(end);
      end.on('error', () => undefined);
      end.on('close', () => {
        this.sockets.delete(end);
        socket.destroy();
        other.destroy();
      });
    }
    socket.pipe(other);
    other.pipe(socket);
  }
}
