// A real Kafka for tests: brokers started from the jars in KAFKA_HOME, or one that runs already
// (KAFKA_BROKERS). Where neither is, tests are skipped and say so.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePorts } from '../free-ports';
import { aDataDir } from '../service-process';
import { nodeProperties, type KafkaClusterOptions } from './node-properties';

const START_MS_MAX = 150_000;
const POLL_MS = 50;

/** A cluster of combined brokers and controllers on loopback. */
export interface KafkaCluster {
  /** host:port of every node. */
  readonly brokers: readonly string[];
  /** SIGKILL; resolves once the node is gone. */
  kill(node?: number): Promise<void>;
  /** Starts a node that was killed on the same data; resolves once it answers. */
  start(node?: number): Promise<void>;
  stop(): Promise<void>;
}

/** Folder of the jars, or why there is none. */
export function kafkaHome(): { readonly classpath: string } | { readonly missing: string } {
  const home = process.env['KAFKA_HOME'];
  if (!home) return { missing: 'needs KAFKA_HOME, a folder with the jars of Apache Kafka' };
  const folder = ['libs', 'lib'].map((name) => join(home, name)).find((dir) => existsSync(dir));
  if (!folder) return { missing: `${home} has neither libs nor lib` };
  if (!readdirSync(folder).some((name) => name.startsWith('kafka_'))) {
    return { missing: `${folder} has no jar of the Kafka broker` };
  }
  if (spawnSync('java', ['-version']).status !== 0) return { missing: 'needs java on PATH' };
  return { classpath: join(folder, '*') };
}

/** `describe` where a broker can be started, else a skipped one whose name says why not. */
export function describeWithKafka(name: string, tests: () => void): void {
  const home = kafkaHome();
  const describeWithBroker = 'missing' in home ? describe.skip : describe;
  const why = 'missing' in home ? ` (${home.missing})` : '';
  describeWithBroker(`${name}${why}`, tests);
}

interface Node {
  readonly id: number;
  readonly port: number;
  readonly controllerPort: number;
  readonly dir: string;
  process: ChildProcess | undefined;
}

/** Starts a new cluster; resolves once all nodes answer. */
export async function startKafka(options: KafkaClusterOptions = {}): Promise<KafkaCluster> {
  const home = kafkaHome();
  if ('missing' in home) throw new Error(home.missing);
  const { classpath } = home;
  const nodes = await newNodes(options.nodes ?? 1);
  for (const node of nodes) prepare(node, nodes, classpath, options);
  process.once('exit', () => nodes.forEach((node) => node.process?.kill('SIGKILL')));
  await Promise.all(nodes.map((node) => start(node, classpath)));
  const nodeOf = (id: number): Node => {
    const node = nodes.find((known) => known.id === id);
    if (!node) throw new Error(`there is no node ${id}`);
    return node;
  };
  return {
    brokers: nodes.map(({ port }) => `127.0.0.1:${port}`),
    kill: (node = 1) => kill(nodeOf(node)),
    start: (node = 1) => start(nodeOf(node), classpath),
    stop: async () => {
      await Promise.all(nodes.map((node) => kill(node)));
    },
  };
}

async function newNodes(count: number): Promise<readonly Node[]> {
  const ports = await freePorts(2 * count);
  const root = aDataDir();
  return Array.from({ length: count }, (_, i) => ({
    id: i + 1,
    port: ports[2 * i] ?? 0,
    controllerPort: ports[2 * i + 1] ?? 0,
    dir: join(root, `node${i + 1}`),
    process: undefined,
  }));
}

function prepare(
  node: Node,
  nodes: readonly Node[],
  classpath: string,
  options: KafkaClusterOptions,
): void {
  mkdirSync(node.dir, { recursive: true });
  const file = join(node.dir, 'node.properties');
  const properties = { ...nodeProperties(node, nodes, options), ...options.settings };
  const lines = Object.entries(properties).map(([name, value]) => `${name}=${value}`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  const tool = ['-cp', classpath, 'kafka.tools.StorageTool', 'format'];
  // Any 16 bytes name a cluster, in base64url; all nodes have the same.
  const clusterId = Buffer.from('deltabook-test-1').toString('base64url');
  const scram = options.sasl ? scramArguments(options.sasl) : [];
  const format = spawnSync('java', [...tool, '-t', clusterId, '-c', file, ...scram], {
    encoding: 'utf8',
  });
  if (format.status !== 0) throw new Error(`formatting failed: ${format.stdout}${format.stderr}`);
}

function scramArguments({ username, password }: { username: string; password: string }): string[] {
  return ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
    '--add-scram',
    `${mechanism}=[name=${username},password=${password}]`,
  ]);
}

async function start(node: Node, classpath: string): Promise<void> {
  const output = openSync(join(node.dir, 'log'), 'a');
  const heap = process.env['KAFKA_HEAP'] ?? '384m';
  const memory = [`-Xmx${heap}`, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=4'];
  const properties = join(node.dir, 'node.properties');
  const child = spawn('java', [...memory, '-cp', classpath, 'kafka.Kafka', properties], {
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  node.process = child;
  const deadline = performance.now() + START_MS_MAX;
  while (!(await answers(node.port))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      throw new Error(
        `node ${node.id} did not start:\n${readFileSync(join(node.dir, 'log'), 'utf8')}`,
      );
    }
    await delay(POLL_MS);
  }
}

async function kill(node: Node): Promise<void> {
  const child = node.process;
  node.process = undefined;
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', end(true));
    socket.once('error', end(false));
  });
}
