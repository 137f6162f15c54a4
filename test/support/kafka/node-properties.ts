// What a node of a test's Kafka cluster is told: its listeners, TLS, logins and replicas.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { caFileOf } from '../eventstoredb/certificates';

const REPLICAS_MAX = 3;

export interface KafkaClusterOptions {
  readonly nodes?: number;
  /** Port that clients are sent to in the place of the only node's own, such as a proxy's. */
  readonly advertisedPort?: number;
  /** The brokers then take PLAIN and SCRAM-SHA-256/512 with this name and password. */
  readonly sasl?: { readonly username: string; readonly password: string };
  /** Folder of makeCertificates(): the brokers then speak TLS with clients and each other. */
  readonly certificates?: string;
  /** More broker settings by name. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface NodePlace {
  readonly id: number;
  readonly port: number;
  readonly controllerPort: number;
  readonly dir: string;
}

/** Settings by name; writes files that they name into the node's folder. */
export function nodeProperties(
  node: NodePlace,
  nodes: readonly NodePlace[],
  options: KafkaClusterOptions,
): Record<string, string> {
  const protocol = protocolOf(options);
  const replicas = String(Math.min(nodes.length, REPLICAS_MAX));
  const inSync = nodes.length > 1 ? '2' : '1';
  return {
    'process.roles': 'broker,controller',
    'node.id': String(node.id),
    'controller.quorum.voters': nodes
      .map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}`)
      .join(','),
    listeners: [
      `${protocol}://127.0.0.1:${node.port}`,
      `CONTROLLER://127.0.0.1:${node.controllerPort}`,
    ].join(','),
    'advertised.listeners': `${protocol}://127.0.0.1:${options.advertisedPort ?? node.port}`,
    'inter.broker.listener.name': protocol,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': `${protocol}:${protocol},CONTROLLER:PLAINTEXT`,
    'log.dirs': join(node.dir, 'data'),
    'num.partitions': '4',
    'auto.create.topics.enable': 'false',
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.num.partitions': '4',
    'offsets.topic.replication.factor': replicas,
    'default.replication.factor': replicas,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'min.insync.replicas': inSync,
    'group.initial.rebalance.delay.ms': '0',
    ...(options.sasl ? saslProperties(options.sasl, protocol) : {}),
    ...(options.certificates === undefined ? {} : tlsProperties(node, options.certificates)),
  };
}

function protocolOf({ certificates, sasl }: KafkaClusterOptions): string {
  const transport = certificates === undefined ? 'PLAINTEXT' : 'SSL';
  return sasl ? `SASL_${transport}` : transport;
}

function saslProperties(
  sasl: { username: string; password: string },
  protocol: string,
): Record<string, string> {
  const { username, password } = sasl;
  const login = `required username="${username}" password="${password}"`;
  const listener = `listener.name.${protocol.toLowerCase()}`;
  const security = 'org.apache.kafka.common.security';
  const plain = `${security}.plain.PlainLoginModule`;
  return {
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'sasl.mechanism.inter.broker.protocol': 'PLAIN',
    [`${listener}.plain.sasl.jaas.config`]: `${plain} ${login} user_${username}="${password}";`,
    ...Object.fromEntries(
      ['scram-sha-256', 'scram-sha-512'].map((mechanism) => [
        `${listener}.${mechanism}.sasl.jaas.config`,
        `${security}.scram.ScramLoginModule ${login};`,
      ]),
    ),
  };
}

/** All nodes have the same certificate, of an authority of the test's own. */
function tlsProperties({ dir }: NodePlace, certificates: string): Record<string, string> {
  const keyStore = join(dir, 'node.pem');
  const pem = ['node1/node.key', 'node1/node.crt'].map((name) =>
    readFileSync(join(certificates, name), 'utf8'),
  );
  writeFileSync(keyStore, pem.join(''));
  return {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': keyStore,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': caFileOf(certificates),
  };
}
