// Entry of the projector's thread: binds the SQLite read models to the log of EventStoreDB.
import { openEventStoreDbFollower, type FollowerOptions } from '@deltabook/adapters/eventstoredb';
import { runProjector } from '@deltabook/adapters/sqlite';

runProjector({ openLog: (logSource) => openEventStoreDbFollower(logSource as FollowerOptions) });
