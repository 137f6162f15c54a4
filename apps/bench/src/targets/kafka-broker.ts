// The broker that the Kafka door is measured behind: one that runs already, or one node started
// from the jars of Apache Kafka for as long as the bench runs.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cpuSecondsOf } from '../process-usage';
import { kafkaSettings } from '../settings';

const START_MS_MAX = 120_000;
const POLL_MS = 50;
const MEMORY = ['-Xms512m', '-Xmx512m', '-XX:+UseSerialGC'];

/** Why there is no broker to be had; undefined when there is one. */
export function whyNoBroker(): string | undefined {
  const { brokers, home } = kafkaSettings();
  if (brokers !== '') return undefined;
  if (home === '') {
    return 'needs KAFKA_BROKERS, or KAFKA_HOME (a folder with the jars of Apache Kafka) and java';
  }
  if (jarsIn(home) === undefined) return `KAFKA_HOME: ${home} has neither libs nor lib`;
  return spawnSync('java', ['-version']).status === 0 ? undefined : 'needs java on PATH';
}

function jarsIn(home: string): string | undefined {
  return ['libs', 'lib'].map((name) => join(home, name)).find((path) => existsSync(path));
}

export class KafkaBroker {
  private constructor(
    /** host:port of each. */
    readonly brokers: readonly string[],
    private readonly child: ChildProcess | undefined,
  ) {}

  /** Resolves once it answers; `folder` is where a started one keeps its topics. */
  static async start(folder: string): Promise<KafkaBroker> {
    const { brokers, home } = kafkaSettings();
    if (brokers !== '') return new KafkaBroker(brokers.split(','), undefined);
    const classpath = join(jarsIn(home) ?? home, '*');
    const [port, controllerPort] = [await freePort(), await freePort()];
    const properties = join(folder, 'node.properties');
    writeFileSync(properties, propertiesOf(folder, port, controllerPort));
    format(classpath, properties);
    const logFile = join(folder, 'output');
    const output = openSync(logFile, 'a');
    const child = spawn('java', [...MEMORY, '-cp', classpath, 'kafka.Kafka', properties], {
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    process.once('exit', () => child.kill('SIGKILL'));
    for (let waitedMs = 0; !(await answers(port)); waitedMs += POLL_MS) {
      if (child.exitCode !== null || waitedMs > START_MS_MAX) {
        throw new Error(`the broker did not start:\n${readFileSync(logFile, 'utf8')}`);
      }
      await delay(POLL_MS);
    }
    return new KafkaBroker([`127.0.0.1:${port}`], child);
  }

  /** 0 of a broker that was not started here. */
  cpuSeconds(): number {
    return this.child?.pid === undefined ? 0 : cpuSecondsOf(this.child.pid);
  }

  async stop(): Promise<void> {
    if (!this.child || this.child.exitCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }
}

function format(classpath: string, properties: string): void {
  const id = Buffer.from('deltabook-bench1').toString('base64url');
  const tool = ['-cp', classpath, 'kafka.tools.StorageTool', 'format'];
  const { status, stdout, stderr } = spawnSync('java', [...tool, '-t', id, '-c', properties], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the broker's folder was not formatted: ${stdout}${stderr}`);
}

function propertiesOf(folder: string, port: number, controllerPort: number): string {
  const lines = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': join(folder, 'topics'),
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
  };
  return Object.entries(lines)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
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

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}
