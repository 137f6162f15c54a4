// One call of the SDK is one delta, whatever becomes of its requests and replies on the way.
import { PacSpace, TimeoutError } from '@deltabook/sdk';
import { rmSync } from 'node:fs';
import { FAULTS, startFaultyLedger, type Fault, type FaultyLedger } from '../support/faulty-ledger';
import { folderWithPackage, runProgramOn } from '../support/sdk-package';
import { RUNTIMES } from '../support/sdk-runtimes';

const CALLS = 60;
const IN_FLIGHT = 6;
const API_KEY = 'pk_test_sdk.0123456789abcdef0123456789abcdef';
/** Enough for a busy machine; faults without an answer take that long each. */
const SHORT = { timeout: 1_000, retryDelayMax: 5 };

let ledger: FaultyLedger;

afterEach(() => ledger.stop());

/** Emits 1, 2, … some at once, and says which recordId each call was answered with. */
const EMIT_MANY = `
import { PacSpace } from '@deltabook/sdk';
const [baseUrl] = process.argv.slice(2);
const options = ${JSON.stringify({ apiKey: API_KEY, ...SHORT, maxRetries: 10 })};
const pac = new PacSpace({ ...options, baseUrl });
const recordIds = [];
let next = 0;
const worker = async () => {
  for (let call = next++; call < ${CALLS}; call = next++) {
    const emitted = await pac.balance.emit(\`cust_\${call % 7}\`, call + 1, 'usage');
    recordIds[call] = emitted.recordId;
  }
};
await Promise.all(Array.from({ length: ${IN_FLIGHT} }, worker));
console.log(JSON.stringify(recordIds));
process.exit(0);
`;

describe('a ledger that fails every third request', () => {
  let folder: string;

  beforeAll(() => {
    folder = folderWithPackage();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const everyThird = (request: number): Fault | undefined =>
    request % 3 === 0 ? FAULTS[(request / 3) % FAULTS.length] : undefined;

  it.each(RUNTIMES)(
    'records each call once and answers it with its own delta, on $name',
    async (runtime) => {
      ledger = await startFaultyLedger(everyThird);
      const args = [ledger.baseUrl];
      const program = { folder, name: 'emits.mjs', code: EMIT_MANY, args };
      const { output, problems } = await runProgramOn(runtime, program);
      expect(problems).toBe('');
      const recordIds = JSON.parse(output) as readonly string[];
      const amountOf = new Map(ledger.deltas.map(({ recordId, delta }) => [recordId, delta]));
      const amounts = Array.from({ length: CALLS }, (_, call) => call + 1);
      expect(recordIds.map((recordId) => amountOf.get(recordId))).toEqual(amounts);
      expect(ledger.deltas).toHaveLength(CALLS);
      expect(ledger.requestCount()).toBeGreaterThan(CALLS * 1.3);
    },
  );
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
