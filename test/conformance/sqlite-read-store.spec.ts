import { EmbeddedEventStore } from '@deltabook/adapters/embedded';
import { SqliteReadStore } from '@deltabook/adapters/sqlite';
import { join } from 'node:path';
import { aDataDir } from '../support/service-process';
import { describeReadStore } from './read-store.conformance';

const projectorEntry = join(process.cwd(), 'dist/apps/service/src/projector.thread.js');

describeReadStore('sqlite behind the embedded store', async () => {
  const dataDir = aDataDir();
  const events = await EmbeddedEventStore.open({ dataDir });
  const { storeId, handle: logSource } = events;
  const openRows = (): SqliteReadStore =>
    SqliteReadStore.open({ dataDir, storeId, projectorEntry, logSource });
  let readStore = openRows();
  return {
    events,
    readStore,
    reopen: async () => {
      await readStore.close();
      readStore = openRows();
      return readStore;
    },
    close: async () => {
      await readStore.close();
      await events.close();
    },
  };
});
