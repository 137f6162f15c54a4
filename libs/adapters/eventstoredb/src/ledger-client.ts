// The vendor's client with the calls that the store makes. Discovery, TLS, keep-alive,
// credentials and coming back to a node are the client's; the calls themselves use its generated
// messages, because its own appendToStream keeps the waiting appends of every client of a
// process in one map (an error of one connection settles those of another, whose answers then
// have nobody to go to and end the process), has no deadline, and writes JSON anew instead of
// storing the text it was given.
import {
  EventStoreDBClient,
  UnavailableError,
  type GossipClusterOptions,
  type SingleNodeOptions,
} from '@eventstore/db-client';
import { StreamsClient, StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb';
import type {
  BatchAppendReq,
  BatchAppendResp,
  ReadReq,
  ReadResp,
} from '@eventstore/db-client/generated/streams_pb';
import type { Channel, ClientDuplexStream, ClientReadableStream } from '@grpc/grpc-js';
import { readFileSync } from 'node:fs';
import { parseConnectionString, type ConnectionTarget } from './connection-string';
import type { EventStoreDbOptions } from './eventstoredb-options';
import { EventStoreDbStartError } from './start-errors';

export type BatchAppendCall = ClientDuplexStream<BatchAppendReq, BatchAppendResp>;
export type ReadCall = ClientReadableStream<ReadResp>;

/** Settings that the client wants in another shape than ours. */
interface ClientParts {
  readonly target: ConnectionTarget;
  readonly settings: GossipClusterOptions | SingleNodeOptions;
  readonly credentials: ConstructorParameters<typeof EventStoreDBClient>[1];
  readonly user: ConnectionTarget['user'];
}

/** The client was closed while a call waited for its connection. */
export class ClientClosedError extends Error {
  constructor() {
    super('the connection to EventStoreDB is closed');
  }
}

export class LedgerClient extends EventStoreDBClient {
  readonly nodes: string;
  private used: StreamsClient | undefined;
  private channel: Channel | undefined;
  private closed = false;

  private constructor(parts: ClientParts) {
    // The constructor's overloads part what its body takes as one union.
    super(parts.settings as SingleNodeOptions, parts.credentials, parts.user);
    this.nodes = parts.target.hosts.map(({ address, port }) => `${address}:${port}`).join(', ');
    // Nobody waits for what this does, and it fails while no node is found: an unhandled rejection
    // would end the process.
    const { getChannel, handleError } = this;
    this.handleError = (client, error) => handleError(client, error).catch(() => undefined);
    // The client never closes its channel, so the last one is kept to do it.
    this.getChannel = async () => {
      if (this.closed) throw new ClientClosedError();
      this.channel = await getChannel();
      if (this.closed) this.channel.close();
      return this.channel;
    };
  }

  /**
   * Reads the options and files, without connecting.
   *
   * @param follows true for subscriptions, which the node of the nodePreference may serve; the
   *   others go to the leader, since only it has every acknowledged event
   */
  static of(options: EventStoreDbOptions, follows: boolean): LedgerClient {
    const target = parseConnectionString(options.connectionString);
    return new LedgerClient({
      target,
      settings: settingsOf(target, options, follows),
      credentials: credentialsOf(target, options),
      user: userOf(target, options),
    });
  }

  /** The node of the last call, host:port; undefined before the first. */
  get node(): string | undefined {
    return this.channel?.getTarget().replace(/^dns:/, '');
  }

  /** Version of the server, and whether it takes batches of appends. */
  async server(): Promise<{ readonly version: string; readonly batches: boolean }> {
    const { serverVersion: version } = await this.capabilities;
    return { version, batches: await this.supports(StreamsService.batchAppend) };
  }

  /** A stream of appends to the leader, each answered on its own. */
  openBatchAppend(): Promise<BatchAppendCall> {
    const [metadata, options] = this.callArguments(
      { requiresLeader: true },
      { deadline: Infinity },
    );
    return this.GRPCStreamCreator(StreamsClient, 'batchAppend', (client) => {
      this.used = client;
      return client.batchAppend(metadata, options);
    })();
  }

  /** One read of the leader that ends by itself, at the latest after `deadlineMs`. */
  read(request: ReadReq, deadlineMs: number): Promise<ReadCall> {
    return this.openRead(request, () =>
      this.callArguments({ requiresLeader: true, deadline: deadlineMs }),
    );
  }

  /** A read that goes on with what is stored later. */
  subscribe(request: ReadReq): Promise<ReadCall> {
    return this.openRead(request, () => this.callArguments({}, { deadline: Infinity }));
  }

  /** Leaves a connection that gives no answers; the next call finds a node anew. */
  leaveNode(reason: string): void {
    if (this.used) void this.handleError(this.used, new UnavailableError(undefined, reason));
  }

  /** Cancels what runs and closes the connection. */
  async close(): Promise<void> {
    this.closed = true;
    await this.dispose();
    this.channel?.close();
  }

  private openRead(
    request: ReadReq,
    callArguments: () => ReturnType<EventStoreDBClient['callArguments']>,
  ): Promise<ReadCall> {
    return this.GRPCStreamCreator(StreamsClient, 'read', (client) => {
      this.used = client;
      return client.read(request, ...callArguments());
    })();
  }
}

function settingsOf(
  target: ConnectionTarget,
  options: EventStoreDbOptions,
  follows: boolean,
): GossipClusterOptions | SingleNodeOptions {
  const common = {
    connectionName: target.connectionName,
    keepAliveInterval: target.keepAliveIntervalMs ?? options.keepAliveIntervalMs,
    keepAliveTimeout: target.keepAliveTimeoutMs ?? options.keepAliveTimeoutMs,
    defaultDeadline: options.readTimeoutMs,
  };
  const [first] = target.hosts;
  if (!target.discover && first) return { ...common, endpoint: { ...first } };
  return {
    ...common,
    endpoints: target.hosts.map((host) => ({ ...host })),
    nodePreference: follows ? target.nodePreference : 'leader',
    maxDiscoverAttempts: target.discoverAttemptsMax,
    discoveryInterval: target.discoverIntervalMs,
    gossipTimeout: target.gossipTimeoutSeconds,
  };
}

function credentialsOf(
  target: ConnectionTarget,
  options: EventStoreDbOptions,
): ClientParts['credentials'] {
  if (!target.tls) return { insecure: true };
  const caFile = options.caFile || target.caFile;
  const { userCertFile, userKeyFile } = target;
  return {
    insecure: false,
    ...(caFile ? { rootCertificate: contentOf(caFile, 'EVENT_STORE_CA_FILE') } : {}),
    ...(userCertFile ? { userCertFile: contentOf(userCertFile, 'userCertFile') } : {}),
    ...(userKeyFile ? { userKeyFile: contentOf(userKeyFile, 'userKeyFile') } : {}),
  };
}

function userOf(target: ConnectionTarget, options: EventStoreDbOptions): ConnectionTarget['user'] {
  const { userFile, passwordFile } = options;
  if (userFile === '' && passwordFile === '') return target.user;
  if (userFile === '' || passwordFile === '') {
    throw new EventStoreDbStartError(
      'FILE_UNREADABLE',
      'EVENT_STORE_USER_FILE and EVENT_STORE_PASSWORD_FILE are needed together; set both or none',
    );
  }
  const lineOf = (file: string, what: string): string =>
    contentOf(file, what).toString('utf8').trim();
  return {
    username: lineOf(userFile, 'EVENT_STORE_USER_FILE'),
    password: lineOf(passwordFile, 'EVENT_STORE_PASSWORD_FILE'),
  };
}

function contentOf(file: string, what: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new EventStoreDbStartError(
      'FILE_UNREADABLE',
      `the file that ${what} names cannot be read (${code ?? 'unknown'})`,
    );
  }
}
