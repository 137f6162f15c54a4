// The log on an EventStoreDB server or cluster, as an end of a copy.
import { EventStoreDbEventStore } from '@deltabook/adapters/eventstoredb';
import type { CliSettings } from '../settings';
import type { OpenedLog } from './log-end';

export async function openServerLog(
  connectionString: string,
  { eventStore }: CliSettings,
): Promise<OpenedLog> {
  const store = await EventStoreDbEventStore.open({ connectionString, ...eventStore });
  const close = (): Promise<void> => store.close();
  return { store, close, finish: close };
}
