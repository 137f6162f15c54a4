// Entry of the projector's thread: binds the SQLite read models to the embedded log.
import { openLogFollower, type LogHandle } from '@deltabook/adapters/embedded';
import { runProjector } from '@deltabook/adapters/sqlite';

runProjector({ openLog: (logSource) => openLogFollower(logSource as LogHandle) });
