// A protocol stand-in for an EventStoreDB server: the client's own generated messages over a
// real socket, a log in memory, and faults on demand. It stands in for the protocol only:
// nothing survives the process.
import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb';
import { ClusterInfo, EndPoint, MemberInfo } from '@eventstore/db-client/generated/gossip_pb';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb';
import {
  SupportedMethod,
  SupportedMethods,
} from '@eventstore/db-client/generated/serverfeatures_pb';
import type { Empty } from '@eventstore/db-client/generated/shared_pb';
import { UUID } from '@eventstore/db-client/generated/shared_pb';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb';
import type {
  AppendReq,
  AppendResp,
  BatchAppendReq,
  BatchAppendResp,
} from '@eventstore/db-client/generated/streams_pb';
import {
  Metadata,
  Server,
  ServerCredentials,
  status,
  type sendUnaryData,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
} from '@grpc/grpc-js';
import { append, batchAppend } from './stand-in-appends';
import { StandInFaults } from './stand-in-faults';
import { StandInLog } from './stand-in-log';
import { isSearch, readPage, StandInSubscription, type ReadStreamCall } from './stand-in-reads';
import { TcpGate } from './tcp-gate';

export interface StandInOptions {
  /** Shared by the nodes of a cluster. */
  readonly log?: StandInLog;
  readonly version?: string;
  /** PEM texts; TLS when given. */
  readonly tls?: { readonly certificate: Buffer; readonly key: Buffer };
  /** user:password that calls must carry, when given. */
  readonly user?: string;
}

type Failure = {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;
};
type Authorized = { readonly metadata: Metadata };

export class StandInServer {
  readonly faults = new StandInFaults();
  readonly log: StandInLog;
  /** All nodes of the cluster, for gossip; only this one when empty. */
  peers: readonly StandInServer[] = [];
  leads = true;
  running = false;
  port = 0;
  private readonly gate = new TcpGate();
  private readonly subscriptions = new Set<StandInSubscription>();
  private server: Server | undefined;

  constructor(private readonly options: StandInOptions = {}) {
    this.log = options.log ?? new StandInLog();
  }

  get subscriptionCount(): number {
    return this.subscriptions.size;
  }

  connectionString(user = ''): string {
    return `esdb://${user}127.0.0.1:${this.port}?tls=${this.options.tls !== undefined}`;
  }

  /** Listens; again on the same port after a stop. */
  async start(): Promise<void> {
    const server = new Server({ 'grpc.max_receive_message_length': 8 * 1024 * 1024 });
    this.server = server;
    this.addServices(server);
    const { tls } = this.options;
    const credentials = tls
      ? ServerCredentials.createSsl(null, [{ cert_chain: tls.certificate, private_key: tls.key }])
      : ServerCredentials.createInsecure();
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', credentials, (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    this.port = await this.gate.open(port);
    this.running = true;
  }

  /** As a killed process: connections are reset, new ones refused; the log stays. */
  async stop(): Promise<void> {
    this.running = false;
    await this.gate.close();
    this.server?.forceShutdown();
  }

  /** Resets the connections that are open. */
  dropConnections(): void {
    this.gate.drop();
  }

  /** Drops the subscriptions as a server does whose consumers are too slow. */
  dropSubscriptionsTooSlow(): void {
    for (const subscription of [...this.subscriptions]) subscription.dropTooSlow();
  }

  private addServices(server: Server): void {
    server.addService(StreamsService, {
      batchAppend: (call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>) => {
        const refusal = this.refusalOf(call);
        if (refusal) call.emit('error', refusal);
        else batchAppend(call, this);
      },
      append: (
        call: ServerReadableStream<AppendReq, AppendResp>,
        reply: sendUnaryData<AppendResp>,
      ) => {
        const refusal = this.refusalOf(call);
        if (refusal) reply(refusal);
        else append(call, reply, this);
      },
      read: (call: ReadStreamCall) => this.read(call),
      delete: unimplemented,
      tombstone: unimplemented,
    });
    server.addService(ServerFeaturesService, {
      getSupportedMethods: (
        _: ServerUnaryCall<Empty, SupportedMethods>,
        reply: sendUnaryData<SupportedMethods>,
      ) => {
        if (!this.faults.silent) reply(null, this.supportedMethods());
      },
    });
    server.addService(GossipService, {
      read: (_: ServerUnaryCall<Empty, ClusterInfo>, reply: sendUnaryData<ClusterInfo>) =>
        reply(null, this.clusterInfo()),
    });
  }

  private read(call: ReadStreamCall): void {
    const refusal = this.refusalOf(call);
    if (refusal) call.emit('error', refusal);
    else if (this.faults.silent) return;
    else if (this.faults.take('readsUnavailable')) {
      call.emit('error', failure(status.UNAVAILABLE, 'Server Is Not Ready'));
    } else if (call.request.getOptions()?.hasSubscription()) {
      const forget = (ended: StandInSubscription): void => void this.subscriptions.delete(ended);
      this.subscriptions.add(new StandInSubscription(call, this.log, forget));
    } else if (!this.faults.searchesEndless || !isSearch(call)) readPage(call, this.log);
  }

  /** Why a call is refused: no such user, or it needs the leader and this node is none. */
  private refusalOf({ metadata }: Authorized): Failure | undefined {
    if (!this.knows(metadata)) return failure(status.UNAUTHENTICATED, 'no such user or password');
    if (this.leads || metadata.get('requires-leader')[0] !== 'true') return undefined;
    const leader = this.peers.find(({ leads }) => leads);
    const details = new Metadata();
    details.set('exception', 'not-leader');
    details.set('leader-endpoint-host', '127.0.0.1');
    details.set('leader-endpoint-port', String(leader?.port ?? this.port));
    return failure(status.NOT_FOUND, 'Leader info available', details);
  }

  private knows(metadata: Metadata): boolean {
    const { user } = this.options;
    if (user === undefined) return true;
    const given = String(metadata.get('authorization')[0] ?? '');
    return given === `Basic ${Buffer.from(user).toString('base64')}`;
  }

  private supportedMethods(): SupportedMethods {
    const names = ['append', 'batchappend', 'read', 'delete', 'tombstone'];
    const methods = names.map((name) =>
      new SupportedMethod()
        .setServiceName('event_store.client.streams.streams')
        .setMethodName(name),
    );
    const supported = new SupportedMethods().setMethodsList(methods);
    return supported.setEventStoreServerVersion(this.options.version ?? '23.10.6');
  }

  private clusterInfo(): ClusterInfo {
    const { LEADER, FOLLOWER } = MemberInfo.VNodeState;
    const nodes = this.peers.length === 0 ? [this] : this.peers;
    const members = nodes.map((node) =>
      new MemberInfo()
        .setInstanceId(new UUID().setString('00000000-0000-4000-8000-000000000000'))
        .setState(node.leads ? LEADER : FOLLOWER)
        .setIsAlive(node.running)
        .setHttpEndPoint(new EndPoint().setAddress('127.0.0.1').setPort(node.port)),
    );
    return new ClusterInfo().setMembersList(members);
  }
}

function failure(code: status, details: string, metadata = new Metadata()): Failure {
  return { code, details, metadata };
}

function unimplemented(_: unknown, reply: sendUnaryData<never>): void {
  reply(failure(status.UNIMPLEMENTED, 'the stand-in does not delete'));
}
