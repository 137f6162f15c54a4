// Entry of the verifier's thread: binds the verifier to the embedded log.
import { openLogFollower, type LogHandle } from '@deltabook/adapters/embedded';
import { runVerifierThread } from './run-verifier-thread';

runVerifierThread((logSource) => openLogFollower(logSource as LogHandle));
