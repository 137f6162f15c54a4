// One call of the SDK is one delta, whatever becomes of its requests and replies on the way.
import { PacSpace, TimeoutError } from '@deltabook/sdk';
import { FAULTS, startFaultyLedger, type Fault, type FaultyLedger } from '../support/faulty-ledger';

const CALLS = 60;
const IN_FLIGHT = 6;
const API_KEY = 'pk_test_sdk.0123456789abcdef0123456789abcdef';
/** A pause between attempts is bounded by it, so that the whole run takes seconds. */
const SHORT = { timeout: 300, retryDelayMax: 5 };

let ledger: FaultyLedger;

afterEach(() => ledger.stop());

async function emitMany(pac: PacSpace): Promise<readonly string[]> {
  const recordIds: string[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let call = next++; call < CALLS; call = next++) {
      const emitted = await pac.balance.emit(`cust_${call % 7}`, call + 1, 'usage');
      recordIds.push(emitted.recordId);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return recordIds;
}

describe('a ledger that fails every third request', () => {
  const everyThird = (request: number): Fault | undefined =>
    request % 3 === 0 ? FAULTS[(request / 3) % FAULTS.length] : undefined;

  it('records each call exactly once and answers it with its own delta', async () => {
    ledger = await startFaultyLedger(everyThird);
    const pac = new PacSpace({
      apiKey: API_KEY,
      baseUrl: ledger.baseUrl,
      ...SHORT,
      maxRetries: 10,
    });
    const recordIds = await emitMany(pac);
    expect(new Set(recordIds).size).toBe(CALLS);
    const amounts = ledger.deltas.map(({ delta }) => delta);
    expect(new Set(amounts).size).toBe(CALLS);
    expect(amounts).toHaveLength(CALLS);
    expect(ledger.requestCount()).toBeGreaterThan(CALLS * 1.3);
  });
});

describe.each(FAULTS)('a first request that ends with: %s', (fault) => {
  it('counts once, and the call gets its delta', async () => {
    ledger = await startFaultyLedger((request) => (request === 1 ? fault : undefined));
    const pac = new PacSpace({ apiKey: API_KEY, baseUrl: ledger.baseUrl, ...SHORT });
    const first = await pac.balance.emit('cust_001', 500, 'initial_deposit');
    const second = await pac.balance.emit('cust_001', 7, 'top_up');
    expect(ledger.deltas).toMatchObject([
      { recordId: first.recordId, delta: 500 },
      { recordId: second.recordId, delta: 7 },
    ]);
  });

  it('counts a batch once', async () => {
    ledger = await startFaultyLedger((request) => (request === 1 ? fault : undefined));
    const pac = new PacSpace({ apiKey: API_KEY, baseUrl: ledger.baseUrl, ...SHORT });
    const one = { customerId: 'cust_001', delta: 1, reason: 'usage' };
    const reply = await pac.balance.emitBatch([one]);
    expect(reply.results).toHaveLength(1);
    expect(ledger.deltas).toHaveLength(1);
  });
});

it('says when there was no answer, and the same key finds out later', async () => {
  ledger = await startFaultyLedger((request) => (request <= 3 ? 'never answers' : undefined));
  const pac = new PacSpace({ apiKey: API_KEY, baseUrl: ledger.baseUrl, ...SHORT });
  const idempotencyKey = 'invoice-17';
  const call = (): Promise<object> =>
    pac.balance.emit('cust_001', 500, 'initial_deposit', { idempotencyKey });
  await expect(call()).rejects.toThrow(TimeoutError);
  await call();
  expect(ledger.deltas).toMatchObject([{ delta: 500, idempotencyKey }]);
});
