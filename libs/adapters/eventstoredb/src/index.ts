export {
  EventStoreDbEventStore,
  type StoreStatistics,
  type StoreStatus,
} from './eventstoredb-event-store';
export { EVENTSTOREDB_DEFAULTS, type EventStoreDbOptions } from './eventstoredb-options';
export {
  LogFollower,
  openEventStoreDbFollower,
  type FollowerOptions,
  type FollowStatistics,
} from './log-follower';
export { PlainClient } from './plain-client';
export { ReadsOverloadedError } from './read-gate';
export { EventStoreDbStartError, type StartErrorCode } from './start-errors';
