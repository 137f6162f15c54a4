// Pages for operators and tools.
import { openDoors } from '../../../../../test/support/http-doors';

const EMIT = '/api/v1/balance/delta';
const BODY = { customerId: 'cust_001', delta: 5, reason: 'usage' };
const REFUSED = { kind: 'refused', code: 'STORE_FULL' };

describe('pages without a key', () => {
  it('tell whether the process lives and is ready', async () => {
    const notReady = { ready: false, reasons: ['store is down'], warnings: ['lag of 5 events'] };
    const { get } = openDoors(() => REFUSED, { readiness: () => notReady });
    const noKey = { 'x-api-key': '' };
    expect((await get('/health/live', noKey)).text).toBe('{"status":"live"}');
    const { status, text } = await get('/health/ready', noKey);
    expect(status).toBe(503);
    expect(JSON.parse(text)).toEqual({
      status: 'not ready',
      reasons: ['store is down'],
      warnings: ['lag of 5 events'],
    });
  });

  it('count requests by operation, status and duration', async () => {
    let elapsed = 0;
    const { get, post } = openDoors(() => REFUSED, {
      elapsedMs: () => (elapsed += 3),
      metrics: () => Promise.resolve('other 1\n'),
    });
    await post(EMIT, BODY);
    await post(EMIT, BODY, { 'x-api-key': '' });
    const { text } = await get('/metrics');
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        'other 1',
        '# TYPE http_requests_total counter',
        'http_requests_total{operation="emitDelta",status="503"} 1',
        'http_requests_total{operation="emitDelta",status="401"} 1',
        'http_request_duration_seconds_bucket{operation="emitDelta",le="0.0025"} 0',
        'http_request_duration_seconds_bucket{operation="emitDelta",le="0.005"} 2',
        'http_request_duration_seconds_bucket{operation="emitDelta",le="+Inf"} 2',
        'http_request_duration_seconds_sum{operation="emitDelta"} 0.006',
        'http_request_duration_seconds_count{operation="emitDelta"} 2',
        'http_requests_in_flight 0',
      ]),
    );
  });
});
