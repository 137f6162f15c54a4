// The projector's thread, which dies when rows are written and not yet committed.
import { openLogFollower, type LogHandle } from '@deltabook/adapters/embedded';
import { runProjector } from '@deltabook/adapters/sqlite';
import { pass } from './crash-point';

runProjector({ openLog: (source) => openLogFollower(source as LogHandle), beforeCommit: pass });
