// Receipts of the running service: of one delta, a period, an empty one and a whole history, each
// verified with the public key alone, by our code, the Go reference libraries and Java.
import {
  noteVerifierKeyText,
  parseReceiptJson,
  receiptAnswers,
  sealText,
  verifyReceipt,
  verifyReceiptFile,
  type NoteVerifierKey,
} from '@deltabook/integrity';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifierCrypto } from '../support/note-keys';
import { ReceiptReader, type Emitted, type ReceiptData } from '../support/receipt-reader';
import { aDataDir, startService, type ServiceProcess } from '../support/service-process';
import { until } from '../support/until';

const BALANCE = '/api/v1/balance';
const SCRIPT = join(process.cwd(), 'test/verification/Verify.java');
const TLOGTOOL = process.env['TLOGTOOL'];
const withTlogtool = TLOGTOOL ? it : it.skip;
const withJava = spawnSync('java', ['-version']).status === 0 ? it : it.skip;

const dataDir = aDataDir();
let service: ServiceProcess;
let reader: ReceiptReader;
const emitted: Emitted[] = [];

/** A millisecond in which nothing was recorded, between what was and what will be. */
async function nextMoment(after: string): Promise<string> {
  const moment = Date.parse(after) + 1;
  await until(
    () => Promise.resolve(Date.now()),
    (now) => now > moment,
  );
  return new Date(moment).toISOString();
}

/** A moment before, between and after the two bursts of deltas. */
let before: string;
let between: string;
let after: string;

beforeAll(async () => {
  service = await startService(dataDir);
  reader = await ReceiptReader.of(service, 'acme');
  before = '2026-01-01T00:00:00.000Z';
  for (const delta of [5, -2.5, 0.000000001]) emitted.push(await reader.emit(delta));
  between = await nextMoment(emitted[2]?.recordedAt ?? '');
  for (const delta of [100, -1]) emitted.push(await reader.emit(delta));
  after = await nextMoment(emitted[4]?.recordedAt ?? '');
  await reader.allVerified();
});
afterAll(() => service.stop('SIGTERM'));

it('a whole history', async () => {
  const { deltas, period, seal, data } = await reader.verified('');
  expect(deltas.map(({ receiptId }) => receiptId)).toEqual(emitted.map((one) => one.receiptId));
  expect(deltas[1]?.private).toContain('"reason":"reason 2","referenceId":"inv-2"');
  expect(period).toMatchObject({ opening: '0', closing: '101.500000001', openEnd: true });
  expect(seal.size).toBe('5');
  expect(data).toMatchObject({
    deltasCount: 5,
    startingBalanceDecimal: '0',
    netChangeDecimal: '101.500000001',
    finalBalanceDecimal: '101.500000001',
    proofRoot: emitted[4]?.receiptId,
    complete: false,
    deltasNotCovered: 0,
  });
  expect(data.deltas.map(({ sequenceNumber }) => sequenceNumber)).toEqual([1, 2, 3, 4, 5]);
  expect(data.verification.itemHashes).toEqual(deltas.map(({ leaf }) => leaf.contentHash));
});

it('a period, whole between its neighbours', async () => {
  const { deltas, period, data } = await reader.verified(`?startDate=${between}&endDate=${after}`);
  expect(deltas.map(({ leaf }) => leaf.sequence)).toEqual(['4', '5']);
  const amounts = { opening: '2.500000001', netChange: '99', closing: '101.500000001' };
  expect(period).toMatchObject({ from: between, to: after, ...amounts });
  const proven = (data.proof as { deltas: { leaf: { sequence: string } }[] }).deltas;
  expect(proven.map(({ leaf }) => leaf.sequence)).toEqual(['3', '4', '5']);
  expect(data).toMatchObject({ deltasCount: 2, netChangeDecimal: '99' });
  const { text } = await reader.file(`?startDate=${between}&endDate=${after}`);
  const verdict = verifyReceiptFile(text, reader.keys, verifierCrypto);
  const question = { period: { from: before, to: between } };
  expect(verdict.ok && receiptAnswers(verdict, question)).toMatchObject({ reason: 'OTHER_PERIOD' });
});

it('a period that ended is complete; its neighbour after it is shown', async () => {
  const { deltas, period, data } = await reader.verified(`?startDate=${before}&endDate=${between}`);
  expect(deltas).toHaveLength(3);
  expect(period).toMatchObject({ opening: '0', closing: '2.500000001', openEnd: false });
  expect(data.complete).toBe(true);
});

it('an empty period: two neighbours, or the tree’s end', async () => {
  const [third, fourth] = [emitted[2]?.recordedAt ?? '', emitted[3]?.recordedAt ?? ''];
  const inTheGap = `?startDate=${plusOne(third)}&endDate=${fourth}`;
  const { deltas, period, data } = await reader.verified(inTheGap);
  expect(deltas).toEqual([]);
  expect(period).toMatchObject({ opening: '2.500000001', netChange: '0', openEnd: false });
  const proven = (data.proof as { deltas: { leaf: { sequence: string } }[] }).deltas;
  expect(proven.map(({ leaf }) => leaf.sequence)).toEqual(['3', '4']);
  expect(data).toMatchObject({ deltasCount: 0, proofRoot: null, deltas: [] });
  const atTheStart = await reader.verified(`?startDate=${before}&endDate=2026-01-02`);
  expect(atTheStart.deltas).toEqual([]);
  const atTheEnd = await reader.verified('?startDate=9000-01-01');
  expect(atTheEnd.period).toMatchObject({ opening: '101.500000001', openEnd: true });
});

const plusOne = (time: string): string => new Date(Date.parse(time) + 1).toISOString();

it('a month by its name, also as invoice-proof, which PacSpace’s SDK asks for', async () => {
  const month = (emitted[0]?.recordedAt ?? '').slice(0, 'YYYY-MM'.length);
  const one = await reader.data(`?period=${month}`);
  expect(one).toMatchObject({ period: month, startDate: `${month}-01T00:00:00.000Z` });
  const alias = await service.get(`${BALANCE}/invoice-proof/acme?timePreset=current_month`);
  const { deltas, proof } = one;
  expect(alias.body.data).toMatchObject({ period: month, deltas, proof });
});

it('one delta, by its recordId and by its receiptId', async () => {
  const { recordId, receiptId } = emitted[1] as Emitted;
  const { deltas, period, data } = await reader.verified(`?recordId=${recordId}`);
  expect(deltas).toMatchObject([{ receiptId, leaf: { sequence: '2', delta: '-2.5' } }]);
  expect(period).toBeUndefined();
  expect(data).toMatchObject({
    deltasCount: 1,
    startingBalanceDecimal: '5',
    finalBalanceDecimal: '2.5',
    proofRoot: receiptId,
    deltas: [{ recordId, status: 'VERIFIED' }],
  });
  expect((await reader.verified(`?receiptId=${receiptId}`)).deltas).toEqual(deltas);
  const { text, headers } = await reader.file(`?recordId=${recordId}`);
  expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(headers.get('content-disposition')).toBe('attachment; filename="acme-delta-2.tlog-proof"');
  expect(text.length).toBeLessThan(3_500);
});

it('without content it proves the same and reveals none', async () => {
  const reply = await reader.receipt('?content=exclude');
  const text = JSON.stringify(reply.body);
  expect(text).not.toMatch(/reason \d|inv-\d|"salt"/);
  const { proof } = reply.body.data as ReceiptData;
  const parsed = parseReceiptJson(proof);
  expect(parsed.ok && verifyReceipt(parsed.value, reader.keys, verifierCrypto).ok).toBe(true);
});

describe('implementations that are not ours', () => {
  const fileOf = (name: string, text: string): string => {
    const path = join(dataDir, name);
    writeFileSync(path, text);
    return path;
  };
  const queries = ['', `?startDate=2026-01-02&endDate=2026-01-03`];

  withTlogtool('tlogtool accepts the outer proof (skipped without TLOGTOOL)', async () => {
    for (const query of queries) {
      const { seal } = await reader.verified(query);
      const { text } = await reader.file(query);
      const [record, file] = [fileOf('seal', sealText(seal)), fileOf('tlog-proof', text)];
      const key = noteVerifierKeyText(reader.keys[0] as NoteVerifierKey);
      const args = ['proof', key, record, file];
      expect(spawnSync(TLOGTOOL ?? '', args, { encoding: 'utf8' })).toMatchObject({ status: 0 });
    }
  });

  withJava('Verify.java accepts all of it (skipped without java)', async () => {
    const key = noteVerifierKeyText(reader.keys[0] as NoteVerifierKey);
    const { text } = await reader.file(`?startDate=${before}&endDate=${between}`);
    const run = spawnSync('java', [SCRIPT, fileOf('month', text), key], { encoding: 'utf8' });
    expect([run.status, run.stdout]).toEqual([0, 'verified: period with 3 deltas\n']);
  });
});

it('holds a delta as soon as the service calls it verified', async () => {
  const fresh = await ReceiptReader.of(service, 'fresh');
  for (const count of [1, 2, 3]) {
    const { recordId } = await fresh.emit(1);
    await until(
      () => service.get(`/api/v1/balance/delta/${recordId}`),
      ({ body }) => (body.data as { status: string }).status === 'VERIFIED',
    );
    const { data } = (await fresh.receipt('')).body as { data: ReceiptData };
    expect(data).toMatchObject({ deltasCount: count, deltasNotCovered: 0 });
  }
});
