// Events of the installation's stream as they are stored: which log this is.
import { UnreadableEventError } from '../ledger/events';

export const LOG_CREATED = 'LogCreated';

/** Stream of what belongs to no tenant. */
export const INSTALLATION_STREAM = 'installation';

/** What a log written by this build says of itself; a reader of an older format refuses it. */
export const LOG_FORMAT = 1;

/** First event of the installation's stream. */
export interface LogCreated {
  readonly type: typeof LOG_CREATED;
  readonly v: 1;
  /** 32 hex digits: the same for ever, in every copy of the log. */
  readonly logId: string;
  /** Name of the installation, see isName(); part of every log head's origin. */
  readonly installation: string;
  readonly format: number;
  /** RFC 3339 UTC, 3 fraction digits. */
  readonly createdAt: string;
}

export type InstallationEvent = LogCreated;

/** Text stored for an event of the installation. */
export function installationEventText(event: InstallationEvent): string {
  const { v, logId, installation, format, createdAt } = event;
  return JSON.stringify({ v, logId, installation, format, createdAt });
}

/** Reads a stored event of the installation; throws UnreadableEventError for an unknown one. */
export function parseInstallationEvent(type: string, data: string): InstallationEvent {
  const stored = JSON.parse(data) as { v?: unknown };
  if (type !== LOG_CREATED || stored.v !== 1) throw new UnreadableEventError(type, stored.v);
  return { ...(stored as Omit<LogCreated, 'type'>), type: LOG_CREATED };
}
