// Entry of the auditor's thread: binds the audit to the log of EventStoreDB.
import { openEventStoreDbFollower, type FollowerOptions } from '@deltabook/adapters/eventstoredb';
import { runAuditorThread } from './run-auditor-thread';

runAuditorThread((logSource) => openEventStoreDbFollower(logSource as FollowerOptions));
