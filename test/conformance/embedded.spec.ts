import { EmbeddedEventStore } from '@deltabook/adapters/embedded';
import { aDataDir } from '../support/service-process';
import { describeEventStore } from './event-store.conformance';

describeEventStore('embedded', async () => {
  const dataDir = aDataDir();
  let store = await EmbeddedEventStore.open({ dataDir });
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await EmbeddedEventStore.open({ dataDir });
      return store;
    },
    close: () => store.close(),
  };
});
