// Entry of the auditor's thread: binds the audit to the embedded log.
import { openLogFollower, type LogHandle } from '@deltabook/adapters/embedded';
import { runAuditorThread } from './run-auditor-thread';

runAuditorThread((logSource) => openLogFollower(logSource as LogHandle));
