// The two ends of a copy: the embedded store in DATA_DIR, or an EventStoreDB server or cluster.
import {
  EmbeddedEventStore,
  lockDataDir,
  logFile,
  settleLogFile,
} from '@deltabook/adapters/embedded';
import { OperatorRefusal } from '@deltabook/adapters/operator';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CliSettings } from '../settings';
import type { OpenedLog } from './log-end';

/** Where a log grows until all of it is there. */
const COPYING = 'copying';
const LOG_SUFFIXES = ['', '-wal', '-shm'] as const;
const OWNER_ONLY_FOLDER = 0o700;

export interface LogPlace {
  /** `embedded`, or esdb://… */
  readonly place: string;
  readonly dataDir: string;
  readonly settings: CliSettings;
}

/** The log that is copied. Throws one line for the user. */
export async function openSource({ place, dataDir, settings }: LogPlace): Promise<OpenedLog> {
  if (place !== 'embedded') return openServer(place, settings);
  if (!existsSync(logFile(dataDir))) {
    throw new OperatorRefusal('NO_INSTALLATION', `no installation in DATA_DIR ${dataDir}`);
  }
  const store = await EmbeddedEventStore.open({ dataDir });
  const close = (): Promise<void> => store.close();
  return { store, close, finish: close };
}

/** The log that is filled: new, or one whose copy was cut short. */
export async function openTarget({ place, dataDir, settings }: LogPlace): Promise<OpenedLog> {
  if (place !== 'embedded') return openServer(place, settings);
  // Pages that a log left in a file beside it would be read into the one that takes its place.
  if (LOG_SUFFIXES.some((suffix) => existsSync(logFile(dataDir) + suffix))) {
    throw new OperatorRefusal(
      'TARGET_OCCUPIED',
      `DATA_DIR ${dataDir} has a log already; move its files log.db* away first`,
    );
  }
  const unlock = lockDataDir(dataDir);
  const growing = join(dataDir, COPYING);
  mkdirSync(growing, { recursive: true, mode: OWNER_ONLY_FOLDER });
  const store = await EmbeddedEventStore.open({ dataDir: growing });
  const close = async (): Promise<void> => {
    await store.close();
    unlock();
  };
  const finish = async (): Promise<void> => {
    await store.close();
    settleLogFile(logFile(growing));
    renameSync(logFile(growing), logFile(dataDir));
    rmSync(growing, { recursive: true });
    unlock();
  };
  return { store, close, finish };
}

/** Loaded only when it is asked for: its client is a third of the start. */
function openServer(connectionString: string, settings: CliSettings): Promise<OpenedLog> {
  const { openServerLog } = require('./server-log') as typeof import('./server-log');
  return openServerLog(connectionString, settings);
}
