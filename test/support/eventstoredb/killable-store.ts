// Stores whose serving node tests can kill: the stand-in, one real node, the leader of three.
import { caFileOf } from './certificates';
import { ServerCluster } from './server-cluster';
import { StandInLog } from './stand-in-log';
import { StandInServer } from './stand-in-server';

export interface KillableStore {
  readonly connectionString: string;
  readonly caFile?: string;
  /** Kills the node that serves; `revive` brings it back, and another may serve before that. */
  killServing(): Promise<{ readonly revive: () => Promise<void> }>;
  stop(): Promise<void>;
}

export async function standInNode(): Promise<KillableStore> {
  const server = new StandInServer();
  await server.start();
  return {
    connectionString: server.connectionString(),
    killServing: async () => {
      await server.stop();
      return { revive: () => server.start() };
    },
    stop: () => server.stop(),
  };
}

/** Three stand-ins on one log: the leader's death makes another the leader. */
export async function standInCluster(): Promise<KillableStore> {
  const servers = await threeStandIns();
  const killServing = async (): Promise<{ readonly revive: () => Promise<void> }> => {
    const dying = servers.find(({ leads, running }) => leads && running);
    const next = servers.find((server) => server !== dying && server.running);
    if (!dying || !next) throw new Error('no node leads');
    await dying.stop();
    dying.leads = false;
    next.leads = true;
    return { revive: () => dying.start() };
  };
  return { connectionString: seedsOf(servers), killServing, stop: () => stopAll(servers) };
}

/** The same, but all of them die. */
export async function standInClusterThatDies(): Promise<KillableStore> {
  const servers = await threeStandIns();
  const killServing = async (): Promise<{ readonly revive: () => Promise<void> }> => {
    await stopAll(servers);
    const revive = async (): Promise<void> => {
      for (const server of servers) await server.start();
    };
    return { revive };
  };
  return { connectionString: seedsOf(servers), killServing, stop: () => stopAll(servers) };
}

async function threeStandIns(): Promise<readonly StandInServer[]> {
  const log = new StandInLog();
  const servers = [1, 2, 3].map(() => new StandInServer({ log }));
  for (const server of servers) {
    server.peers = servers;
    server.leads = server === servers[0];
    await server.start();
  }
  return servers;
}

function seedsOf(servers: readonly StandInServer[]): string {
  const hosts = servers.map(({ port }) => `127.0.0.1:${port}`).join(',');
  return `esdb+discover://${hosts}?tls=false&nodePreference=random&maxDiscoverAttempts=2`;
}

async function stopAll(servers: readonly StandInServer[]): Promise<void> {
  for (const server of servers) await server.stop();
}

/** @param certificatesDir of makeCertificates(), for TLS */
export async function realNodes(
  home: string,
  count: 1 | 3,
  certificatesDir?: string,
): Promise<KillableStore> {
  const cluster = await ServerCluster.start(home, count, certificatesDir);
  return {
    connectionString: cluster.connectionString(),
    caFile: certificatesDir === undefined ? '' : caFileOf(certificatesDir),
    killServing: async () => {
      const leader = await cluster.leader();
      await leader.kill();
      return { revive: () => leader.start() };
    },
    stop: () => cluster.stop(),
  };
}
