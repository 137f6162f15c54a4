// A client that goes away in the middle of a request must not keep its place at the door for ever.
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KEY, openDoors } from '../support/http-doors';

const REQUESTS = 5;

it('requests whose clients went away leave the door', async () => {
  let reached = 0;
  let answer: (() => void) | undefined;
  const unanswered = new Promise((resolve) => {
    answer = () => resolve({ kind: 'refused', code: 'STORE_UNAVAILABLE' });
  });
  const { fastify, doors } = openDoors(() => {
    reached += 1;
    return unanswered;
  });
  await fastify.listen({ port: 0, host: '127.0.0.1' });
  const { port } = fastify.server.address() as AddressInfo;
  const headers = { 'X-Api-Key': KEY, 'Content-Type': 'application/json' };
  const options = { port, method: 'POST', path: '/api/v1/balance/delta', headers };
  const clients = Array.from({ length: REQUESTS }, () => {
    const client = request(options).on('error', () => undefined);
    client.end(JSON.stringify({ customerId: 'cust_001', delta: 1, reason: 'usage' }));
    return client;
  });
  while (reached < REQUESTS) await new Promise((resolve) => setImmediate(resolve));
  for (const client of clients) {
    // events.once() would reject at the error that comes first.
    const closed = new Promise((resolve) => client.once('close', resolve));
    client.destroy();
    await closed;
  }
  answer?.();
  await doors.drain();
  await fastify.close();
});
