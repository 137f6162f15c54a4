// Events of tenants and the installation, which the read models keep verbatim.
import type { RecordedEvent } from '@deltabook/application/threads';
import type { DatabaseSyncInstance } from '@photostructure/sqlite';

interface DirectoryRow extends Omit<RecordedEvent, 'position'> {
  readonly position: string;
}

/** All of them, in log order. */
export function directoryEvents(database: DatabaseSyncInstance): RecordedEvent[] {
  const select = database.prepare(
    'SELECT stream, revision, position, type, data, metadata FROM directory_event',
  );
  const events = (select.all() as DirectoryRow[]).map((row) => ({
    ...row,
    position: BigInt(row.position),
  }));
  return events.sort((a, b) => (a.position < b.position ? -1 : 1));
}
