// Entry of the publisher's thread: binds the Kafka publisher to the embedded log.
import { openLogFollower, type LogHandle } from '@deltabook/adapters/embedded';
import { runPublisher } from '@deltabook/adapters/kafka';
import { sha256Hex } from '@deltabook/adapters/node-crypto';

runPublisher({ openLog: (logSource) => openLogFollower(logSource as LogHandle), sha256Hex });
