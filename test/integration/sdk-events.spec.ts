// The SDK's stream of events over connections that are lost.
import { InvalidApiKeyError, PacSpace, type BalanceEvent } from '@deltabook/sdk';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { SDK_KEY } from '../support/scripted-client';

let server: Server;
let asked: string[];

afterEach(
  () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
);

async function clientOf(
  answerTo: (response: ServerResponse, connection: number) => void,
): Promise<PacSpace> {
  asked = [];
  server = createServer((request: IncomingMessage, response: ServerResponse) => {
    asked.push(request.url ?? '');
    answerTo(response, asked.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const baseUrl = `http://127.0.0.1:${port}`;
  return new PacSpace({ apiKey: SDK_KEY, baseUrl, retryDelayMax: 5 });
}

const eventText = (position: number): string =>
  `id: ${position}\nevent: delta.recorded\n` +
  `data: {"type":"delta.recorded","position":"${position}"}\n\n`;

function open(response: ServerResponse, ...positions: readonly number[]): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.write(`: here\n\n${positions.map(eventText).join('')}`);
}

/** Positions of the first events, which are not waited for beyond. */
async function take(events: AsyncIterable<BalanceEvent>, count: number): Promise<string[]> {
  const positions: string[] = [];
  for await (const { position } of events) {
    positions.push(position);
    if (positions.length === count) break;
  }
  return positions;
}

it('goes on after the last event that came, over lost, cut and refused connections', async () => {
  const pac = await clientOf((response, connection) => {
    if (connection === 1) {
      open(response, 4, 9);
      response.end('id: 10\ndata: {"type":"delta.rec');
    } else if (connection === 2) {
      response.writeHead(503).end();
    } else if (connection === 3) {
      open(response, 10);
      setImmediate(() => response.destroy());
    } else open(response, 11);
  });
  const states: string[] = [];
  const events = pac.balance.events({
    customerId: 'cust:1',
    after: '3',
    onOpen: () => states.push('open'),
    onLost: ({ code }) => states.push(code),
  });
  expect(await take(events, 4)).toEqual(['4', '9', '10', '11']);
  expect(asked).toEqual(
    [3, 9, 9, 10].map((after) => `/api/v1/balance/events?customerId=cust%3A1&after=${after}`),
  );
  expect(states).toEqual(['open', 'NETWORK_ERROR', 'API_ERROR', 'open', 'NETWORK_ERROR', 'open']);
});

it('ends at once where the key is refused', async () => {
  const pac = await clientOf((response) => response.writeHead(401).end('{}'));
  await expect(take(pac.balance.events(), 1)).rejects.toThrow(InvalidApiKeyError);
  expect(asked).toEqual(['/api/v1/balance/events']);
});

it('ends at once where the answer is no stream', async () => {
  const pac = await clientOf((response) => response.writeHead(200).end('<html>'));
  await expect(take(pac.balance.events(), 1)).rejects.toThrow('not one of a Deltabook service');
});

it('ends with the reason of the signal', async () => {
  const controller = new AbortController();
  const pac = await clientOf((response) => open(response, 1));
  const events = pac.balance.events({ signal: controller.signal });
  const reading = (async (): Promise<void> => {
    for await (const { position } of events) controller.abort(new Error(`seen ${position}`));
  })();
  await expect(reading).rejects.toThrow('seen 1');
});

it('ends with the reason of the signal also when the request is collected as garbage', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const controller = new AbortController();
  const pac = await clientOf((response) => open(response));
  const onOpen = (): void => {
    setImmediate(() => {
      collectGarbage();
      controller.abort(new Error('the user left'));
    });
  };
  const events = pac.balance.events({ signal: controller.signal, onOpen });
  await expect(take(events, 1)).rejects.toThrow('the user left');
});
