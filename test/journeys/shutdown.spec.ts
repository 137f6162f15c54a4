// The end of the service as a process manager brings it about, whatever its clients and the reader
// of its logs are doing just then. Jest's own time limit ends a service that would live on.
import { connect, type Socket } from 'node:net';
import { API_KEY, aDataDir, startService, type ServiceProcess } from '../support/service-process';

const HALF_A_WRITE =
  'POST /api/v1/balance/delta HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n' +
  `X-Api-Key: ${API_KEY}\r\nContent-Length: 100\r\n\r\n{"customerId"`;
/** A request may take for ever here, but draining may not. */
const PATIENT = { REQUEST_TIMEOUT_MS: '600000', DRAIN_MS: '200' };

const DELTA = { customerId: 'cust_001', delta: 1, reason: 'usage' };

/** Sends what is there and leaves the connection open. */
function halfARequest({ baseUrl }: ServiceProcess): Promise<Socket> {
  const { port } = new URL(baseUrl);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', reject);
    socket.write(HALF_A_WRITE, () => {
      // It is the service that hangs up in the end, and how is no matter here.
      socket.removeAllListeners('error').on('error', () => undefined);
      resolve(socket);
    });
  });
}

describe('SIGTERM ends the service', () => {
  it('with requests that never come to their end, once DRAIN_MS is over', async () => {
    const service = await startService(aDataDir(), PATIENT);
    const socket = await halfARequest(service);
    // What was sent before is let in before.
    expect((await service.post('/api/v1/balance/delta', DELTA)).status).toBe(201);
    expect(await service.stop('SIGTERM')).toBe(0);
    expect(service.output()).toContain('DRAIN_MS is over');
    socket.destroy();
  });

  it('with nobody left to read what it says', async () => {
    const service = await startService(aDataDir(), { ...PATIENT, LOG_REQUESTS: 'true' });
    service.process.stdout?.destroy();
    service.process.stderr?.destroy();
    const socket = await halfARequest(service);
    expect((await service.post('/api/v1/balance/delta', DELTA)).status).toBe(201);
    expect((await service.get('/api/v1/balance/customers')).status).toBe(200);
    expect(await service.stop('SIGTERM')).toBe(0);
    socket.destroy();
  });
});
