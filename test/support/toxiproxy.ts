// Toxiproxy between a client and a server: connections that are cut, slow or silent, on demand. The
// program is the one that TOXIPROXY_SERVER names.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 20;

/** Path of the program, or why there is none. */
export function toxiproxyServer(): { readonly path: string } | { readonly missing: string } {
  const path = process.env['TOXIPROXY_SERVER'];
  if (!path) return { missing: 'needs TOXIPROXY_SERVER, the path of toxiproxy-server' };
  return existsSync(path) ? { path } : { missing: `${path} is not there` };
}

/** One proxy on loopback. */
export interface Toxiproxy {
  /** Closes all connections and takes no new ones. */
  cut(): Promise<void>;
  /** Every byte is late by this much, both ways. */
  slow(latencyMs: number): Promise<void>;
  /** Connections stay open and nothing passes any more: half-open for whoever waits. */
  silence(): Promise<void>;
  /** Ends all faults. */
  heal(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a proxy from `listenPort` to `upstreamPort`; `apiPort` is its own. */
export async function startToxiproxy(ports: {
  readonly apiPort: number;
  readonly listenPort: number;
  readonly upstreamPort: number;
}): Promise<Toxiproxy> {
  const server = toxiproxyServer();
  if ('missing' in server) throw new Error(server.missing);
  const child = spawn(server.path, ['-host', '127.0.0.1', '-port', String(ports.apiPort)], {
    stdio: 'ignore',
  });
  process.once('exit', () => child.kill('SIGKILL'));
  const ask = async (method: string, path: string, body?: object): Promise<void> => {
    const url = `http://127.0.0.1:${ports.apiPort}${path}`;
    const given = body ? { body: JSON.stringify(body) } : {};
    const reply = await fetch(url, { method, ...given });
    if (!reply.ok) throw new Error(`toxiproxy: ${method} ${path}: ${await reply.text()}`);
    await reply.arrayBuffer();
  };
  for (;;) {
    const answered = await ask('GET', '/version').then(
      () => true,
      () => false,
    );
    if (answered) break;
    await delay(POLL_MS);
  }
  await ask('POST', '/proxies', {
    name: 'proxy',
    listen: `127.0.0.1:${ports.listenPort}`,
    upstream: `127.0.0.1:${ports.upstreamPort}`,
    enabled: true,
  });
  const toxic = async (type: string, attributes: object): Promise<void> => {
    for (const stream of ['upstream', 'downstream']) {
      await ask('POST', '/proxies/proxy/toxics', { type, stream, attributes });
    }
  };
  return {
    cut: () => ask('POST', '/proxies/proxy', { enabled: false }),
    slow: (latencyMs) => toxic('latency', { latency: latencyMs }),
    silence: () => toxic('timeout', { timeout: 0 }),
    heal: () => ask('POST', '/reset'),
    stop: () => {
      child.kill('SIGKILL');
      return Promise.resolve();
    },
  };
}
