// Entry of the publisher's thread: binds the Kafka publisher to the log of EventStoreDB.
import { openEventStoreDbFollower, type FollowerOptions } from '@deltabook/adapters/eventstoredb';
import { runPublisher } from '@deltabook/adapters/kafka';
import { sha256Hex } from '@deltabook/adapters/node-crypto';

runPublisher({
  openLog: (logSource) => openEventStoreDbFollower(logSource as FollowerOptions),
  sha256Hex,
});
