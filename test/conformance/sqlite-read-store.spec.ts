import { EmbeddedEventStore } from '@deltabook/adapters/embedded';
import { openRows } from '../support/read-models';
import { aDataDir } from '../support/service-process';
import { describeReadStore } from './read-store.conformance';

describeReadStore('sqlite behind the embedded store', async () => {
  const dataDir = aDataDir();
  const events = await EmbeddedEventStore.open({ dataDir });
  let readStore = openRows(events, dataDir);
  return {
    events,
    readStore,
    reopen: async () => {
      await readStore.close();
      readStore = openRows(events, dataDir);
      return readStore;
    },
    close: async () => {
      await readStore.close();
      await events.close();
    },
  };
});
