// The doors on a real socket: bodies in pieces, broken HTTP, connections that stay.
import { connect, type AddressInfo } from 'node:net';
import { KEY, LIMITS, openDoors, type SpecDoors } from '../support/http-doors';

const BODY = '{"customerId":"cust_001","delta":5,"reason":"usage"}';
const HEAD =
  'POST /api/v1/balance/delta HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n' +
  `X-Api-Key: ${KEY}\r\n`;
const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n`;
const REFUSED = { kind: 'refused', code: 'STORE_FULL' };

const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;

/** Sends a text as it is and gives everything that comes back until the server hangs up. */
function exchange({ fastify }: SpecDoors, text: string): Promise<string> {
  const { port } = fastify.server.address() as AddressInfo;
  return new Promise((resolve) => {
    let reply = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (bytes) => (reply += bytes.toString()));
    // A server that does not read to the end may reset the connection after its reply.
    socket.on('error', () => resolve(reply));
    socket.on('close', () => resolve(reply));
  });
}

describe('on a socket', () => {
  const doors = openDoors(() => REFUSED);
  beforeAll(() => doors.fastify.listen({ port: 0, host: '127.0.0.1' }));
  afterAll(() => doors.fastify.close());

  it('a body may come in pieces', async () => {
    const pieces = chunk(BODY.slice(0, 10)) + chunk(BODY.slice(10)) + chunk('');
    const reply = await exchange(doors, CHUNKED + pieces);
    expect(reply).toMatch(/^HTTP\/1\.1 503 /);
    expect(reply).toContain('"code":"STORE_FULL"');
  });

  it('a body of unknown length is cut off at its limit', async () => {
    const reply = await exchange(doors, CHUNKED + chunk('x'.repeat(65_537)));
    expect(reply).toMatch(/^HTTP\/1\.1 413 /);
    expect(reply).toContain('"code":"BODY_TOO_LARGE"');
  });

  it.each([
    ['no HTTP', 'hello\r\n\r\n', 400, 'MALFORMED_REQUEST'],
    ['a bad header', `${HEAD}Bad Header: 1\r\n\r\n`, 400, 'MALFORMED_REQUEST'],
    ['large headers', `${HEAD}A: ${'a'.repeat(20_000)}\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
    [
      'a length that is too large',
      `${HEAD}Content-Length: 65537\r\nConnection: close\r\n\r\n`,
      413,
      'BODY_TOO_LARGE',
    ],
    ['a bad path', 'GET /%ZZ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 400, 'INVALID_URL'],
  ])('%s is answered in the envelope', async (_name, text, status, code) => {
    const reply = await exchange(doors, text);
    expect(reply).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    const body = JSON.parse(reply.slice(reply.indexOf('\r\n\r\n'))) as object;
    expect(body).toMatchObject({ success: false, statusCode: status, error: { code } });
  });

  it('a connection stays for the next request until the doors drain', async () => {
    const post = `${HEAD}Content-Length: ${BODY.length}\r\n\r\n${BODY}`;
    const last = post.replace('Host: a', 'Host: a\r\nConnection: close');
    const reply = await exchange(doors, post + last);
    expect(reply.match(/HTTP\/1\.1 503 /g)).toHaveLength(2);
    const draining = openDoors(() => REFUSED);
    await draining.fastify.listen({ port: 0, host: '127.0.0.1' });
    await draining.doors.drain();
    const refused = await exchange(draining, post);
    expect(refused).toContain('"code":"SHUTTING_DOWN"');
    expect(refused).toMatch(/connection: close/i);
    await draining.fastify.close();
  });
});

it('a body of unknown length counts as the largest', async () => {
  const limits = { ...LIMITS, requestBytesInFlightMax: 65_535 };
  const doors = openDoors(() => REFUSED, { limits });
  await doors.fastify.listen({ port: 0, host: '127.0.0.1' });
  const reply = await exchange(doors, CHUNKED + chunk(BODY) + chunk(''));
  expect(reply).toContain('"code":"TOO_MANY_REQUESTS"');
  await doors.fastify.close();
});

it('a request that does not come to its end in time is answered', async () => {
  const limits = { ...LIMITS, requestTimeoutMs: 50 };
  const doors = openDoors(() => REFUSED, { limits });
  await doors.fastify.listen({ port: 0, host: '127.0.0.1' });
  const reply = await exchange(doors, `${HEAD}Content-Length: 10\r\n\r\n{`);
  expect(reply).toContain('"code":"REQUEST_TIMEOUT"');
  await doors.fastify.close();
});
