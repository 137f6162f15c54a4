export { DataDirHeldError, lockDataDir } from './data-dir-lock';
export { EmbeddedEventStore, ReadsOverloadedError } from './embedded-event-store';
export { EMBEDDED_DEFAULTS, type EmbeddedOptions } from './embedded-options';
export { backUpLog, type LogBackup, type LogBackupOptions } from './log-backup';
export { giveNewStoreId, logFile, NewerFormatError, settleLogFile } from './log-database';
export { LogFollower, openLogFollower, type LogHandle } from './log-follower';
export { runLogWriter } from './run-log-writer';
