// The suite on the protocol stand-in, and on a real server of one node and of three where there
// is one.
import { EventStoreDbEventStore } from '@deltabook/adapters/eventstoredb';
import { realServerSource, type RealServer } from '../support/eventstoredb/real-server';
import { StandInServer } from '../support/eventstoredb/stand-in-server';
import { describeEventStore, type OpenedStore } from './event-store.conformance';

async function openOn(server: RealServer): Promise<OpenedStore> {
  const { connectionString } = server;
  const options = { connectionString, streamPrefix: 'conformance_' };
  let store = await EventStoreDbEventStore.open(options);
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await EventStoreDbEventStore.open(options);
      return store;
    },
    close: async () => {
      await store.close();
      await server.stop();
    },
  };
}

describeEventStore('EventStoreDB stand-in', async () => {
  const server = new StandInServer();
  await server.start();
  return openOn({ connectionString: server.connectionString(), stop: () => server.stop() });
});

const source = realServerSource();
if (source.available) {
  for (const nodeCount of source.nodeCounts) {
    describeEventStore(`EventStoreDB (${source.name}), nodes: ${nodeCount}`, async () =>
      openOn(await source.start(nodeCount)),
    );
  }
} else {
  const skipped = it.skip;
  skipped(`event store conformance: EventStoreDB (${source.name})`, () => undefined);
}
