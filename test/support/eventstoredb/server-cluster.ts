// One node or three of a real server, on free ports of this machine.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePorts } from '../free-ports';
import { ServerNode } from './server-node';

const ELECTION_MS_MAX = 60_000;

export class ServerCluster {
  private constructor(
    readonly nodes: readonly ServerNode[],
    private readonly dir: string,
    private readonly secure: boolean,
  ) {}

  /** Starts the nodes and waits until one leads; `certificatesDir` turns TLS on. */
  static async start(home: string, count: 1 | 3, certificatesDir?: string): Promise<ServerCluster> {
    const dir = mkdtempSync(join(tmpdir(), 'deltabook-esdb-'));
    process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
    const ports = await freePorts(3 * count);
    const httpPorts = ports.slice(0, count);
    const nodes = httpPorts.map(
      (http, i) =>
        new ServerNode({
          home,
          dataDir: join(dir, `node${i + 1}`),
          ports: { http, replication: ports[count + i] ?? 0, tcp: ports[2 * count + i] ?? 0 },
          certificatesDir,
          seeds: count === 1 ? [] : httpPorts.filter((port) => port !== http),
        }),
    );
    const cluster = new ServerCluster(nodes, dir, certificatesDir !== undefined);
    await Promise.all(nodes.map((node) => node.start()));
    await cluster.leader();
    return cluster;
  }

  /** For EVENT_STORE; `user` is user:password@ with TLS. */
  connectionString(user = this.secure ? 'admin:changeit@' : ''): string {
    const hosts = this.nodes.map(({ endpoint }) => endpoint).join(',');
    const scheme = this.nodes.length > 1 ? 'esdb+discover' : 'esdb';
    return `${scheme}://${user}${hosts}?tls=${this.secure}`;
  }

  /** Waits until a running node says that it leads. */
  async leader(): Promise<ServerNode> {
    const endMs = performance.now() + ELECTION_MS_MAX;
    while (performance.now() < endMs) {
      for (const node of this.nodes) if ((await node.state()) === 'Leader') return node;
      await pause(100);
    }
    throw new Error('no node became the leader');
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.kill()));
    rmSync(this.dir, { recursive: true, force: true });
  }
}
