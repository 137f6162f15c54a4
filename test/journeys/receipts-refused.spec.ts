// Receipts that the running service does not give: of what was not asked for rightly, is not there,
// not verified yet, or not any more what was sealed.
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
  service = await startService(dataDir);
  reader = await ReceiptReader.of(service, 'acme');
  for (const delta of [5, -2.5, 1]) emitted.push(await reader.emit(delta));
  await (await ReceiptReader.of(service, 'other')).emit(1);
  await reader.allVerified();
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

it('a stored delta that is not what was sealed gets into no receipt', async () => {
  await service.stop('SIGTERM');
  const log = new DatabaseSync(join(dataDir, 'log.db'));
  log.exec(`UPDATE log SET data = replace(data, 'reason 2', 'reason 9')
    WHERE type = 'DeltaEmitted' AND data LIKE '%"reason":"reason 2"%'`);
  log.close();
  service = await startService(dataDir);
  reader = await ReceiptReader.of(service, 'acme');
  for (const query of ['', `?recordId=${emitted[1]?.recordId}`]) {
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
  }
  await until(
    () => Promise.resolve(service.output()),
    (output) => output.includes('delta 2') && output.includes('CONTENT_MISMATCH'),
  );
  const first = await reader.receipt(`?recordId=${emitted[0]?.recordId}`);
  expect(first.status).toBe(200);
});
