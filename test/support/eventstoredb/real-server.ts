// Where tests find a real EventStoreDB server: an address in ESDB_URL, a folder in ESDB_HOME from
// which nodes are started, or an image where Docker is.
import { spawnSync } from 'node:child_process';
import { ServerCluster } from './server-cluster';
import { serverCommand } from './server-node';

type Testcontainers = typeof import('testcontainers');
const IMAGE = 'eventstore/eventstore:23.10.6-bookworm-slim';
const HTTP_PORT = 2113;
const DOCKER_ANSWER_MS_MAX = 10_000;

/** A server that tests may write to, in streams of their own. */
export interface RealServer {
  readonly connectionString: string;
  stop(): Promise<void>;
}

export interface RealServerSource {
  /** Said in the name of the suite, also when it is skipped. */
  readonly name: string;
  readonly available: boolean;
  /** Cluster sizes that it can start; a given server is what it is. */
  readonly nodeCounts: readonly (1 | 3)[];
  start(nodeCount: 1 | 3): Promise<RealServer>;
}

/** The first source that is there. */
export function realServerSource(): RealServerSource {
  const { ESDB_URL: url, ESDB_HOME: home } = process.env;
  if (url) return givenServer(url);
  if (home && serverCommand(home)) return startedServer(home);
  if (dockerAnswers()) return containedServer();
  const name = 'no server in ESDB_URL or ESDB_HOME, no Docker';
  return { name, available: false, nodeCounts: [1], start: () => Promise.reject(new Error(name)) };
}

/** Only a folder allows what kills and restarts nodes. */
export function realServerHome(): string | undefined {
  const { ESDB_HOME: home } = process.env;
  return home && serverCommand(home) ? home : undefined;
}

function givenServer(connectionString: string): RealServerSource {
  const start = (): Promise<RealServer> =>
    Promise.resolve({ connectionString, stop: () => Promise.resolve() });
  return { name: 'ESDB_URL', available: true, nodeCounts: [1], start };
}

function dockerAnswers(): boolean {
  const { status } = spawnSync('docker', ['info'], { timeout: DOCKER_ANSWER_MS_MAX });
  return status === 0;
}

function containedServer(): RealServerSource {
  return {
    name: IMAGE,
    available: true,
    nodeCounts: [1],
    start: async () => {
      // Only loaded where it is used: it brings much, and other machines need none of it.
      const { GenericContainer, Wait } = require('testcontainers') as Testcontainers;
      const container = await new GenericContainer(IMAGE)
        .withEnvironment({
          EVENTSTORE_INSECURE: 'true',
          EVENTSTORE_RUN_PROJECTIONS: 'None',
          EVENTSTORE_TELEMETRY_OPTOUT: 'true',
        })
        .withExposedPorts(HTTP_PORT)
        .withWaitStrategy(Wait.forHttp('/health/live', HTTP_PORT).forStatusCode(204))
        .start();
      const host = `${container.getHost()}:${container.getMappedPort(HTTP_PORT)}`;
      return {
        connectionString: `esdb://${host}?tls=false`,
        stop: async () => {
          await container.stop();
        },
      };
    },
  };
}

function startedServer(home: string): RealServerSource {
  return {
    name: 'ESDB_HOME',
    available: true,
    nodeCounts: [1, 3],
    start: async (nodeCount) => {
      const cluster = await ServerCluster.start(home, nodeCount);
      return { connectionString: cluster.connectionString(), stop: () => cluster.stop() };
    },
  };
}
