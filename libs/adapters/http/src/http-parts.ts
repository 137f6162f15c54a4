// What the HTTP doors need from the composition: everything explicit, nothing looked up.
import type { LiveFeed, TenantDirectory } from '@deltabook/application';
import type { SystemReply } from '@deltabook/contracts';
import type { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Logger } from 'pino';
import type { SessionLimits } from './dashboard/sessions';

/** Bounds of the doors; each is a setting of the service. */
export interface HttpLimits {
  /** Requests at once before 429 (REQUESTS_IN_FLIGHT_MAX). */
  readonly requestsInFlightMax: number;
  /** Bytes of their bodies (REQUEST_BYTES_IN_FLIGHT_MAX). */
  readonly requestBytesInFlightMax: number;
  /** Share of both that one tenant may hold, 0 … 1 (TENANT_SHARE_PERCENT_MAX / 100). */
  readonly tenantShareMax: number;
  /** Bodies handled in one turn of the event loop (BODIES_PER_TURN_MAX). */
  readonly bodiesPerTurnMax: number;
  /** Replies written piece by piece at once before 429 (TEXT_REPLIES_MAX). */
  readonly textRepliesMax: number;
  /** Bytes of each that are held back before it begins (TEXT_REPLY_HELD_BYTES_MAX). */
  readonly textReplyHeldBytesMax: number;
  /** A request must have arrived within this time (REQUEST_TIMEOUT_MS). */
  readonly requestTimeoutMs: number;
  /** A request that takes longer is logged (SLOW_REQUEST_MS). */
  readonly slowRequestMs: number;
  /** Log every request, not only failed and slow ones (LOG_REQUESTS). */
  readonly logRequests: boolean;
}

/** Whether this process can do its work: `reasons` say why not, `warnings` what lags. */
export interface Readiness {
  readonly ready: boolean;
  readonly reasons: readonly string[];
  readonly warnings: readonly string[];
  /** Which event store serves, and where. */
  readonly eventStore?: string;
  /** What the continuous check found in its last round; absent before it ended. */
  readonly audit?:
    | {
        /** Everything up to here was recomputed and compared with what is served. */
        readonly position: string;
        /** RFC 3339. */
        readonly at: string;
        readonly findings: number;
      }
    | undefined;
}

/** What the page at `/` needs. */
export interface DashboardParts extends SessionLimits {
  /** Where the built page is. */
  readonly folder: string;
}

/** The live feed, and how its listeners are kept connected. */
export interface LiveParts {
  readonly feed: LiveFeed;
  /** A comment is sent after so long without an event (EVENTS_HEARTBEAT_MS). */
  readonly heartbeatMs: number;
}

export interface HttpParts {
  readonly commandBus: Pick<CommandBus, 'execute'>;
  readonly queryBus: Pick<QueryBus, 'execute'>;
  readonly tenants: TenantDirectory;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds of a monotonic clock. */
  readonly elapsedMs: () => number;
  /** A text that no other process start has; request ids begin with it. */
  readonly processId: string;
  readonly limits: HttpLimits;
  readonly logger: Logger;
  readonly readiness: () => Readiness;
  /** Deltas as they are recorded; without it there is no stream of events. */
  readonly live?: LiveParts;
  /** The page at `/` and its sessions; without it there is neither. */
  readonly dashboard?: DashboardParts;
  /** Prometheus text of everything but the doors' own counters. */
  readonly metrics: () => Promise<string>;
  readonly publicKeys: PublicKeyTexts;
  /** How this process and what it depends on are, at the moment it is called. */
  readonly systemState: () => SystemReply;
}

/** The installation's public keys, for /.well-known/deltabook-keys. */
export interface PublicKeyTexts {
  /** JSON text. */
  document(): Promise<string>;
  /** Lines of note verifier keys; undefined when the origin is none of this installation. */
  noteKeys(origin: string): Promise<string | undefined>;
}

/** The open doors. */
export interface HttpDoors {
  /** Refuses writes from now on (503, Connection: close); resolves when none is in flight. */
  drain(): Promise<void>;
}
