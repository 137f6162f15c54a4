// Receipts that the running service does not give: of what was not asked for rightly, is not there,
// not verified yet, or not any more what was sealed.
import { sha256Hex } from '@deltabook/adapters/node-crypto';
import {
  customerEventText,
  parseCustomerEvent,
  parseRecordId,
  type DeltaEmitted,
} from '@deltabook/domain';
import { canonicalJson, hashedLeaf, type Json } from '@deltabook/integrity';
import { DatabaseSync } from '@photostructure/sqlite';
import { join } from 'node:path';
import { ReceiptReader, type Emitted, type ReceiptData } from '../support/receipt-reader';
import { aDataDir, startService, type ServiceProcess } from '../support/service-process';
import { until } from '../support/until';

const dataDir = aDataDir();
let service: ServiceProcess;
let reader: ReceiptReader;
const emitted: Emitted[] = [];

beforeAll(async () => {
  // The continuous check would fence the customer; here it is about receipts alone.
  service = await startService(dataDir, { AUDIT_ROUND_MS: '86400000' });
  reader = await ReceiptReader.of(service, 'acme');
  for (const delta of [5, -2.5, 1]) emitted.push(await reader.emit(delta));
  const other = await ReceiptReader.of(service, 'other');
  await other.emit(1);
  for (const one of [reader, other]) await one.allVerified();
});
afterAll(() => service.stop('SIGTERM'));

it.each([
  ['?period=2026-01&startDate=2026-01-01', 400, 'INVALID_SCOPE_COMBINATION'],
  ['?timePreset=custom', 400, 'INVALID_SCOPE_COMBINATION'],
  ['?period=2026-01&recordId=rec_1', 400, 'INVALID_SCOPE_COMBINATION'],
  ['?period=2026-13', 400, 'VALIDATION_FAILED'],
  ['?startDate=2026-02-01&endDate=2026-01-01', 400, 'VALIDATION_FAILED'],
  ['?receiptId=0xab', 400, 'VALIDATION_FAILED'],
  ['?format=pdf', 400, 'VALIDATION_FAILED'],
  ['?recordId=rec_1', 404, 'RECORD_NOT_FOUND'],
  [`?receiptId=0x${'ab'.repeat(32)}`, 404, 'RECORD_NOT_FOUND'],
])('%s is refused', async (query, status, code) => {
  expect(await reader.receipt(query)).toMatchObject({ status, body: { error: { code } } });
});

it('another customer’s delta, and a customer without any, are not found', async () => {
  const { recordId, receiptId } = emitted[0] as Emitted;
  for (const query of [`?recordId=${recordId}`, `?receiptId=${receiptId}`]) {
    const reply = await reader.receipt(query, 'other');
    expect(reply).toMatchObject({ status: 404, body: { error: { code: 'RECORD_NOT_FOUND' } } });
  }
  const unknown = await reader.receipt('', 'nobody');
  expect(unknown).toMatchObject({ status: 404, body: { error: { code: 'CUSTOMER_NOT_FOUND' } } });
});

it('what is not verified yet is not in it, and the reply says so', async () => {
  const { recordId, position } = await reader.emit(1);
  const reply = await reader.receipt(`?minPosition=${position}`);
  const { deltasCount, deltasNotCovered } = reply.body.data as ReceiptData;
  expect(deltasCount + deltasNotCovered).toBe(emitted.length + 1);
  await until(
    () => reader.receipt(`?recordId=${recordId}`),
    ({ status, body, headers }) => {
      if (status === 200) return true;
      expect(body).toMatchObject({ error: { code: 'NOT_VERIFIED_YET' } });
      expect(headers.get('retry-after')).toBe('1');
      return false;
    },
  );
});

describe('a stored delta that is not what was sealed gets into no receipt', () => {
  /** Changes the stored text of a delta behind the back of the running service. */
  function tamper(recordId: string, change: (event: DeltaEmitted) => DeltaEmitted): void {
    const { referenceHex = '', revision = 0 } = parseRecordId(recordId) ?? {};
    const log = new DatabaseSync(join(dataDir, 'log.db'), { timeout: 5_000 });
    const stream = `customer-${referenceHex}`;
    const rows = log.prepare('SELECT position, type, data FROM log WHERE stream = ?').all(stream);
    const row = rows[revision] as { position: number; type: string; data: string };
    const event = change(parseCustomerEvent(row.type, row.data) as DeltaEmitted);
    const data = customerEventText(event, canonicalJson);
    log.prepare('UPDATE log SET data = ? WHERE position = ?').run(data, row.position);
    log.close();
  }

  /** Another reason, with every hash of the delta itself made to fit. */
  function rehashed({ leaf, private: content, ...event }: DeltaEmitted): DeltaEmitted {
    const told = { ...content, reason: 'made up' };
    const contentHash = `0x${sha256Hex(canonicalJson(told as unknown as Json))}`;
    const other = { ...leaf, contentHash };
    const receiptId = hashedLeaf(other, sha256Hex).hash;
    return { ...event, leaf: other, private: told, receiptId };
  }

  async function expectMismatch(query: string, problem: string): Promise<void> {
    const reply = await reader.receipt(query);
    expect(reply).toMatchObject({
      status: 409,
      body: {
        error: {
          code: 'HISTORY_MISMATCH',
          message: expect.stringContaining('delta 2') as string,
        },
      },
    });
    await until(
      () => Promise.resolve(service.output()),
      (output) => output.includes('delta 2') && output.includes(problem),
    );
  }

  it.each<[string, (event: DeltaEmitted) => DeltaEmitted, string]>([
    [
      'its content',
      ({ private: content, ...event }) => ({ ...event, private: { ...content, reason: 'x' } }),
      'CONTENT_MISMATCH',
    ],
    ['its content and its hashes', rehashed, 'LEAF_MISMATCH'],
    [
      'its amount',
      ({ leaf, ...event }) => ({ ...event, leaf: { ...leaf, delta: '-2' } }),
      'RECEIPT_ID_MISMATCH',
    ],
  ])('%s', async (_what, change, problem) => {
    const { recordId } = emitted[1] as Emitted;
    let honest: DeltaEmitted | undefined;
    tamper(recordId, (event) => {
      honest = event;
      return change(event);
    });
    for (const query of ['', `?recordId=${recordId}`]) await expectMismatch(query, problem);
    expect((await reader.receipt(`?recordId=${emitted[0]?.recordId}`)).status).toBe(200);
    tamper(recordId, () => honest as DeltaEmitted);
    expect((await reader.receipt('')).status).toBe(200);
  });
});
