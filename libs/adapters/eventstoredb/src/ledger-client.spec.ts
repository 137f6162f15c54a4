import { once } from 'node:events';
import { StandInServer } from '../../../../test/support/eventstoredb/stand-in-server';
import { completeOptions } from './eventstoredb-options';
import { ClientClosedError, LedgerClient } from './ledger-client';
import { streamRequest } from './read-messages';

const request = streamRequest('customer-a', { from: 0, direction: 'forwards', limit: 1 });

async function connected(): Promise<{ server: StandInServer; client: LedgerClient }> {
  const server = new StandInServer();
  await server.start();
  const hosts = `127.0.0.1:${server.port}`;
  const connectionString = `esdb+discover://${hosts}?tls=false&maxDiscoverAttempts=1`;
  return { server, client: LedgerClient.of(completeOptions({ connectionString }), false) };
}

it('takes a connection that fails while no node is found for nothing worse', async () => {
  const { server, client } = await connected();
  const call = await client.openBatchAppend();
  const failed = once(call, 'error');
  await (await client.read(request, 1_000)).toArray();
  client.leaveNode('told to');
  await new Promise((resolve) => setImmediate(resolve));
  // The old call fails while the new connection still looks for a node: nobody awaits what follows.
  const stopped = server.stop();
  await expect(client.read(request, 1_000)).rejects.toThrow('Failed to discover');
  await failed.catch(() => undefined);
  await stopped;
  await client.close();
});

it('knows the node that it talks to', async () => {
  const { server, client } = await connected();
  expect(client.node).toBeUndefined();
  await (await client.read(request, 1_000)).toArray();
  expect(client.node).toBe(`127.0.0.1:${server.port}`);
  await client.close();
  await server.stop();
});

it('makes no connection once it is closed', async () => {
  const { server, client } = await connected();
  await client.close();
  await expect(client.read(request, 1_000)).rejects.toThrow(ClientClosedError);
  await server.stop();
});
