// One end of a copy: a log that is open.
import type { EventStore } from '@deltabook/application';

export interface OpenedLog {
  readonly store: EventStore;
  /** Puts a log that was copied whole into its place; the store is closed then. */
  readonly finish: () => Promise<void>;
  readonly close: () => Promise<void>;
}
