// Where an event store's own index says that events lie, for an audit: a store without such an
// index of its own making has none to be asked.

export interface StreamPlaces {
  /** Everything up to this position is in the index. */
  readonly indexed: number;
  /** Positions of a stream's events, in order of revision. */
  positionsOf(stream: string): Iterable<number>;
  /** Revision of the first event that is not at its position; undefined when each is. */
  firstMisplaced(stream: string): number | undefined;
}

/** A log that can say so. */
export interface IndexedLog {
  places(): StreamPlaces;
}
