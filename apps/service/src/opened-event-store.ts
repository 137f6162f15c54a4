// What the service needs of an event store, whichever it is.
import type { EventStore } from '@deltabook/application';

/** Whether the store can be used right now. */
export interface EventStoreHealth {
  /** For readiness: which node serves, or where the log is. */
  readonly place: string;
  /** Why it cannot be used, when it cannot. */
  readonly problem: string | undefined;
  /** Positions that may wait to be projected before readiness warns of it. */
  readonly lagWarned: bigint;
}

export interface OpenedEventStore {
  readonly store: EventStore;
  /** Entries of the threads that follow the log, and what they need to open it. */
  readonly projectorEntry: string;
  readonly publisherEntry: string;
  readonly verifierEntry: string;
  readonly auditorEntry: string;
  readonly logSource: unknown;
  /** Figures of the store, by the name of their metric. */
  readonly figures: () => Readonly<Record<string, number>>;
  readonly health: () => EventStoreHealth;
}

/** Ends the process: what is on disk is not known any more, so nothing may be acknowledged. */
export type OnFatal = (error: Error) => void;
