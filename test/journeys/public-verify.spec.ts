// What anyone who holds a proofRoot can know without a key, and what nobody can: whose it is and
// what it was for, in public answers, seals and signed heads alike.
import { sealStream } from '@deltabook/domain';
import { DatabaseSync } from '@photostructure/sqlite';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { noteKeyLines, ORIGIN } from '../support/note-keys';
import { ReceiptReader, type Emitted, type ReceiptData } from '../support/receipt-reader';
import { aDataDir, startService, type ServiceProcess } from '../support/service-process';
import { until } from '../support/until';

const CUSTOMER = 'very-secret-customer';
const SECRETS = [CUSTOMER, 'secret reason', 'secret-reference', 'secret-metadata'];
const UNKNOWN = `0x${'ab'.repeat(32)}`;

interface Verdict {
  readonly verified: boolean;
  readonly summary: { readonly recordCount: number };
}

const dataDir = aDataDir();
let service: ServiceProcess;
let reader: ReceiptReader;
const emitted: Emitted[] = [];

/** Without a key. */
async function verify(root: string, query = ''): Promise<{ data: Verdict; text: string }> {
  const reply = await fetch(`${service.baseUrl}/api/v1/verify/${root}${query}`);
  const text = await reply.text();
  expect(reply.status).toBe(200);
  return { data: (JSON.parse(text) as { data: Verdict }).data, text };
}

/** Names of all members, at whatever depth. */
const shapeOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shapeOf(one)]))
    : 0;

beforeAll(async () => {
  // The continuous check would fence the customer whose history is damaged below.
  service = await startService(dataDir, { AUDIT_ROUND_MS: '86400000' });
  reader = await ReceiptReader.of(service, CUSTOMER);
  for (const delta of [5, -2.5, 0.000000001]) {
    const body = {
      customerId: CUSTOMER,
      delta,
      reason: 'secret reason',
      referenceId: 'secret-reference',
      metadata: { note: 'secret-metadata' },
    };
    const reply = await service.post('/api/v1/balance/delta', body);
    emitted.push(reply.body.data);
  }
  await until(
    () => reader.receipt(''),
    ({ body }) => (body.data as ReceiptData | undefined)?.deltasCount === 3,
  );
});
afterAll(() => service.stop('SIGTERM'));

it('every receiptId is a root of the history up to it', async () => {
  const [first, second, third] = emitted as [Emitted, Emitted, Emitted];
  const { data } = await verify(third.receiptId);
  expect(data).toMatchObject({
    verified: true,
    proofRoot: third.receiptId,
    recordedAt: third.recordedAt,
    verifiedAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    source: 'db',
    summary: {
      recordCount: 3,
      netChange: 2.500000001,
      netChangeDecimal: '2.500000001',
      startingBalance: 0,
      endingBalanceDecimal: '2.500000001',
      firstRecordAt: first.recordedAt,
      lastRecordAt: third.recordedAt,
    },
    records: [],
    verification: { reference: expect.stringMatching(/^0x[0-9a-f]{64}$/) as string },
  });
  expect((await verify(second.receiptId)).data.summary.recordCount).toBe(2);
  expect((await verify(second.receiptId.toUpperCase().replace('0X', '0x'))).data.verified).toBe(
    true,
  );
});

it('the seal it names is the one that the delta’s own status names', async () => {
  const { recordId, receiptId } = emitted[1] as Emitted;
  const status = await service.get(`/api/v1/balance/delta/${recordId}`);
  const { verifiedAt, verificationReference } = status.body.data as {
    verifiedAt: string;
    verificationReference: string;
  };
  expect(status.body.data).toMatchObject({ status: 'VERIFIED' });
  expect((await verify(receiptId)).data).toMatchObject({
    verifiedAt,
    verification: { reference: verificationReference, verificationReference },
  });
});

it('pages of deltas name the customer’s newest seal, the first of its last delta', async () => {
  const { recordId } = emitted[2] as Emitted;
  const status = await service.get(`/api/v1/balance/delta/${recordId}`);
  const { verifiedAt, verificationReference } = status.body.data as Record<string, string>;
  const record = await service.get(`/api/v1/balance/customers/${CUSTOMER}`);
  const { items } = record.body.data['recentActivity'] as { items: object[] };
  expect(items).toMatchObject(Array(3).fill({ status: 'verified', verificationReference }));
  const derived = await service.get(`/api/v1/balance/derive/${CUSTOMER}?limit=10`);
  const deltas = Array(3).fill({ status: 'VERIFIED', verifiedAt, verificationReference });
  expect(derived.body.data['deltas']).toMatchObject(deltas);
});

it('a period’s root with the one before it counts the period, as its receipt does', async () => {
  const { recordId, receiptId } = emitted[2] as Emitted;
  const { verification } = await reader.data(`?recordId=${recordId}`);
  const path = (verification as unknown as { verifyUrl: string }).verifyUrl;
  expect(path).toBe(`/api/v1/verify/${receiptId}?from=${emitted[1]?.receiptId}`);
  const { data } = await verify(receiptId, `?from=${emitted[1]?.receiptId}`);
  expect(data).toMatchObject({
    verified: true,
    summary: { recordCount: 1, netChangeDecimal: '0.000000001', startingBalance: 2.5 },
  });
});

it('an unknown root is not verified, in a reply of the same shape', async () => {
  const [first, , third] = emitted as [Emitted, Emitted, Emitted];
  const known = shapeOf((await verify(third.receiptId)).data);
  for (const [root, query] of [
    [UNKNOWN, ''],
    ['no-root', ''],
    [third.receiptId, `?from=${UNKNOWN}`],
    [first.receiptId, `?from=${third.receiptId}`],
  ] as const) {
    const { data } = await verify(root, query);
    expect(data).toMatchObject({ verified: false, summary: { recordCount: 0, netChange: 0 } });
    expect(shapeOf(data)).toEqual(known);
  }
});

it('takes the sources of PacSpace’s clients and no others', async () => {
  for (const source of ['db', 'chain', 'both']) {
    const { data } = await verify(emitted[0]?.receiptId ?? '', `?source=${source}`);
    expect(data).toMatchObject({ verified: true, source });
  }
  const reply = await fetch(`${service.baseUrl}/api/v1/verify/${UNKNOWN}?source=web`);
  expect(reply.status).toBe(400);
});

/** Pages that ask for no key, beside the operations that are described. */
const PAGES = [
  '/docs',
  '/openapi.json',
  '/metrics',
  '/health/live',
  '/health/ready',
  '/.well-known/deltabook-keys',
];

/** What anyone can fetch of the service: its pages, and all of its operations without a key. */
async function publicTexts(): Promise<string[]> {
  const openApi = await (await fetch(`${service.baseUrl}/openapi.json`)).text();
  const { paths } = JSON.parse(openApi) as {
    paths: Record<string, Record<string, { security?: readonly object[] }>>;
  };
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(async ([method, { security }]) => {
      const root = emitted[2]?.receiptId ?? '';
      const place = path.replace('{customerId}', CUSTOMER).replaceAll(/\{\w+\}/g, root);
      const reply = await fetch(service.baseUrl + place, { method: method.toUpperCase() });
      expect([path, reply.status]).toEqual([path, security?.length === 0 ? 200 : 401]);
      return reply.text();
    }),
  );
  const pages = PAGES.map(async (path) => {
    const reply = await fetch(service.baseUrl + path);
    expect([path, reply.status]).toEqual([path, 200]);
    return reply.text();
  });
  return Promise.all([...operations, ...pages]);
}

it('no public answer, seal or head names a customer or says what a delta was for', async () => {
  const [first, , third] = emitted as [Emitted, Emitted, Emitted];
  const asked = [
    ...[...emitted.map(({ receiptId }) => receiptId), UNKNOWN].map((root) => [root, '']),
    [third.receiptId, `?from=${first.receiptId}`],
    ...['db', 'chain', 'both'].map((source) => [third.receiptId, `?source=${source}`]),
  ] as const;
  const answers = await Promise.all(
    asked.map(async ([root = '', query = '']) => (await verify(root, query)).text),
  );
  const log = new DatabaseSync(join(dataDir, 'log.db'), { readOnly: true });
  const stream = sealStream({ tenant: 'default', environment: 'sandbox' });
  const select = log.prepare('SELECT data || metadata AS text FROM log WHERE stream = ?');
  const sealed = select.all(stream).map((row) => (row as { text: string }).text);
  log.close();
  expect(sealed.join()).toContain(ORIGIN);
  const heads = readdirSync(join(dataDir, 'signed-heads'), { recursive: true, encoding: 'utf8' })
    .map((name) => join(dataDir, 'signed-heads', name))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'utf8'));
  expect(heads.join()).toContain(ORIGIN);
  const { text: receipt } = await reader.file('?content=exclude');
  const keys = await noteKeyLines(service);
  const outside = await publicTexts();
  const texts = [...answers, ...sealed, ...heads, ...keys, ...outside, receipt, decoded(receipt)];
  const everything = texts.join();
  for (const secret of SECRETS) expect(everything).not.toContain(secret);
  // The same search finds them where they belong.
  const { text: whole } = await reader.file('');
  for (const secret of SECRETS.slice(1)) expect(decoded(whole)).toContain(secret);
});

/** The inner half of a receipt file, as text. */
function decoded(file: string): string {
  const [, extra = ''] = /^extra (.+)$/m.exec(file) ?? [];
  return Buffer.from(extra, 'base64').toString('latin1');
}

describe('gaps', () => {
  const gaps = (query = '') => service.get(`/api/v1/balance/gaps/${CUSTOMER}${query}`);

  it('there are none in a whole history', async () => {
    const { body } = await gaps();
    const range = { fromSequence: 1, toSequence: 3, totalDeltas: 3, verifiedDeltas: 3 };
    expect(body.data).toMatchObject({ ...range, hasGaps: false, gaps: [], nextSequence: null });
    const part = await gaps('?fromSequence=2&toSequence=2&limit=1');
    expect(part.body.data).toMatchObject({ fromSequence: 2, toSequence: 2, gaps: [] });
    expect((await gaps('?fromSequence=0')).status).toBe(400);
  });

  it('a delta that is not where it was is one, and its root fails', async () => {
    const log = new DatabaseSync(join(dataDir, 'log.db'), { timeout: 5_000 });
    log.exec(`UPDATE log SET data = replace(data, '"sequence":"2"', '"sequence":"9"')
      WHERE type = 'DeltaEmitted' AND data LIKE '%"sequence":"2"%'`);
    log.close();
    const reply = await gaps();
    expect(reply.body.data).toMatchObject({ hasGaps: true });
    expect((await verify(emitted[1]?.receiptId ?? '')).data.verified).toBe(false);
    expect((await verify(emitted[0]?.receiptId ?? '')).data.verified).toBe(true);
  });
});
