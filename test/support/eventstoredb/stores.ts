// The EventStoreDB stores that a journey runs on: the stand-in, and a real server where one is.
import { realServerSource, type RealServer } from './real-server';
import { StandInServer } from './stand-in-server';

async function standIn(): Promise<RealServer> {
  const server = new StandInServer();
  await server.start();
  return { connectionString: server.connectionString(), stop: () => server.stop() };
}

/** Name of each store and how to start it; servers of several nodes where they can be started. */
export function eventStores(): readonly [string, () => Promise<RealServer>][] {
  const source = realServerSource();
  const stores: [string, () => Promise<RealServer>][] = [['the stand-in', standIn]];
  if (!source.available) return stores;
  for (const nodeCount of source.nodeCounts) {
    stores.push([`${source.name}, nodes: ${nodeCount}`, () => source.start(nodeCount)]);
  }
  return stores;
}
