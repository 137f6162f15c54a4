// What the service on EventStoreDB is held against: Fastify of the product's own version that
// appends each body with the vendor's client as one event, beside one subscription to $all. It also
// measures the client alone.
import { PlainClient } from '@deltabook/adapters/eventstoredb';
import fastify from 'fastify';
import type { AddressInfo } from 'node:net';
import { bareSettings } from '../settings';

const CREATED = 201;

interface DeltaBody {
  readonly customerId: string;
  readonly [name: string]: unknown;
}

interface RateQuery {
  readonly seconds: string;
  /** Appends under way at once; over as many streams. */
  readonly inFlight: string;
}

async function main(): Promise<void> {
  const { eventStore, streamPrefix, replyBytes, eventBytes } = bareSettings();
  const client = new PlainClient(eventStore);
  const server = fastify();
  const reply = JSON.stringify({
    data: 'x'.repeat(Math.max(0, replyBytes - '{"data":""}'.length)),
  });
  // As many bytes as a stored delta has.
  const padding = 'x'.repeat(eventBytes);
  server.post('/api/v1/balance/delta', async (request, response) => {
    const body = request.body as DeltaBody;
    await client.append(`${streamPrefix}${body.customerId}`, { ...body, padding });
    return response.code(CREATED).type('application/json; charset=utf-8').send(reply);
  });
  server.get('/rate', async (request) => {
    const { seconds, inFlight } = request.query as RateQuery;
    const startedAt = performance.now();
    const run = `${streamPrefix}rate-${inFlight}-${startedAt}-`;
    const counts = await Promise.all(
      Array.from({ length: Number(inFlight) }, (_, lane) =>
        client.appendOneByOne(`${run}${lane}`, { padding }, Number(seconds) * 1_000),
      ),
    );
    const sum = counts.reduce((total, count) => total + count, 0);
    return { perSecond: sum / ((performance.now() - startedAt) / 1_000) };
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.server.address() as AddressInfo;
  console.log(JSON.stringify({ port, msg: 'listening' }));
}

void main();
