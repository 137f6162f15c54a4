// Entry of the verifier's thread: binds the verifier to the log of EventStoreDB.
import { openEventStoreDbFollower, type FollowerOptions } from '@deltabook/adapters/eventstoredb';
import { runVerifierThread } from './run-verifier-thread';

runVerifierThread((logSource) => openEventStoreDbFollower(logSource as FollowerOptions));
