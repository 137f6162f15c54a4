// One node of a real EventStoreDB server from ESDB_HOME: started, killed and started again by
// tests, with its data in a folder of its own and as little memory as it takes.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const START_MS_MAX = 90_000;
const FOOTPRINT = [
  ...['--chunk-size', '16777216', '--chunks-cache-size', '33554432'],
  ...['--stream-existence-filter-size', '1000000', '--max-mem-table-size', '50000'],
  ...['--run-projections', 'None'],
];
const ADDRESS = '127.0.0.1';
/** No server outlives the tests. */
const RUNNING = new Set<ChildProcess>();
process.once('exit', () => RUNNING.forEach((child) => child.kill('SIGKILL')));

export interface NodePorts {
  readonly http: number;
  readonly replication: number;
  readonly tcp: number;
}

export interface NodeOptions {
  readonly home: string;
  readonly dataDir: string;
  readonly ports: NodePorts;
  /** Folder of ca/ca.crt and node1/node.crt, node1/node.key; none is --insecure. */
  readonly certificatesDir: string | undefined;
  /** HTTP ports of the other nodes of the cluster. */
  readonly seeds: readonly number[];
}

/** How to run the server in a folder, if one is there. */
export function serverCommand(home: string): readonly string[] | undefined {
  const executable = ['eventstored', 'EventStore.ClusterNode'].map((name) => join(home, name));
  const found = executable.find((file) => existsSync(file));
  if (found) return [found];
  const library = join(home, 'EventStore.ClusterNode.dll');
  return existsSync(library) ? ['dotnet', library] : undefined;
}

export class ServerNode {
  private process: ChildProcess | undefined;
  private output = '';

  constructor(readonly options: NodeOptions) {}

  get endpoint(): string {
    return `${ADDRESS}:${this.options.ports.http}`;
  }

  /** Resolves once the node answers that it is live. */
  async start(): Promise<void> {
    const endMs = performance.now() + START_MS_MAX;
    this.spawn();
    while (!(await this.isLive())) {
      if (this.process?.exitCode || performance.now() > endMs) {
        throw new Error(`the server did not start:\n${this.output}`);
      }
      await pause(100);
    }
  }

  /**
   * A former leader whose last events nobody else has ends by itself, with 0, to cut them off when
   * it starts again: as anywhere, somebody has to start it again.
   */
  private spawn(): void {
    const [command = '', ...first] = serverCommand(this.options.home) ?? [];
    mkdirSync(this.options.dataDir, { recursive: true });
    const child = spawn(command, [...first, ...this.flags()], {
      cwd: this.options.home,
      // Any other EVENTSTORE_ variable would be taken for an option.
      env: { PATH: process.env['PATH'], HOME: '/tmp', EVENTSTORE_TELEMETRY_OPTOUT: 'true' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output = (this.output + chunk.toString()).slice(-20_000);
      });
    }
    RUNNING.add(child);
    child.once('exit', (code) => {
      RUNNING.delete(child);
      if (code === 0) this.spawn();
    });
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  /** The state that the node's own gossip names for it, such as Leader. */
  async state(): Promise<string | undefined> {
    const reply = await this.get('/gossip?format=json').catch(() => undefined);
    if (reply?.status !== 200) return undefined;
    const { members } = JSON.parse(reply.body) as {
      members: { httpEndPointPort: number; state: string; isAlive: boolean }[];
    };
    const own = members.find(({ httpEndPointPort: port }) => port === this.options.ports.http);
    return own?.state;
  }

  private async isLive(): Promise<boolean> {
    const reply = await this.get('/health/live').catch(() => undefined);
    return reply?.status === 204;
  }

  private get(path: string): Promise<{ readonly status: number; readonly body: string }> {
    const { certificatesDir, ports } = this.options;
    const options = { host: ADDRESS, port: ports.http, path, timeout: 2_000 };
    return new Promise((resolve, reject) => {
      const request = certificatesDir
        ? requestTls({ ...options, rejectUnauthorized: false })
        : requestPlain(options);
      request.on('error', reject);
      request.on('timeout', () => request.destroy(new Error('no answer')));
      request.on('response', (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      });
      request.end();
    });
  }

  private flags(): readonly string[] {
    const { dataDir, ports, seeds } = this.options;
    return [
      ...['--db', join(dataDir, 'db'), '--log', join(dataDir, 'log')],
      ...['--node-ip', ADDRESS, '--node-port', String(ports.http)],
      ...['--replication-ip', ADDRESS, '--replication-port', String(ports.replication)],
      ...['--node-tcp-port', String(ports.tcp)],
      ...this.securityFlags(),
      ...(seeds.length === 0
        ? []
        : [
            ...['--cluster-size', String(seeds.length + 1), '--discover-via-dns', 'false'],
            ...['--gossip-seed', seeds.map((port) => `${ADDRESS}:${port}`).join(',')],
          ]),
      ...FOOTPRINT,
    ];
  }

  private securityFlags(): readonly string[] {
    const { certificatesDir } = this.options;
    if (!certificatesDir) return ['--insecure'];
    return [
      ...['--certificate-file', join(certificatesDir, 'node1/node.crt')],
      ...['--certificate-private-key-file', join(certificatesDir, 'node1/node.key')],
      ...['--trusted-root-certificates-path', join(certificatesDir, 'ca')],
    ];
  }
}
