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
  /** Entry of the projector's thread, and what that entry needs to follow the log. */
  readonly projectorEntry: string;
  readonly logSource: unknown;
  /** Figures of the store, by the name of their metric. */
  readonly figures: () => Readonly<Record<string, number>>;
  readonly health: () => EventStoreHealth;
}

/** Ends the process: what is on disk is not known any more, so nothing may be acknowledged. */
export type OnFatal = (error: Error) => void;
