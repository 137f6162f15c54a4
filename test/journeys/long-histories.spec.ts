// A customer with more than ten thousand deltas: receipts of all of them stream, and two histories
// are compared in a few small requests.
import {
  parseReceiptJson,
  verifyDifference,
  verifyReceipt,
  verifyReceiptFile,
} from '@deltabook/integrity';
import { PacSpace, type HistoryComparison } from '@deltabook/sdk';
import { noteKeys, verifierCrypto } from '../support/note-keys';
import { API_KEY, aDataDir, startService, type ServiceProcess } from '../support/service-process';
import { until } from '../support/until';

const BALANCE = '/api/v1/balance';
const BATCH_COUNT = 11;
const BATCH_SIZE = 1_000;
const DELTA_COUNT = BATCH_COUNT * BATCH_SIZE;
const HELD_BYTES = 64 * 1024;
const REPLY_BYTES_MAX = 64 * 1024;
const { sha256 } = verifierCrypto;

interface TreeData {
  readonly size: number;
}

let service: ServiceProcess;
/** Of every delta, in order. */
const receiptIds: string[] = [];

const asked = (path: string): Promise<Response> =>
  fetch(service.baseUrl + path, { headers: { 'X-Api-Key': API_KEY } });

beforeAll(async () => {
  service = await startService(aDataDir(), { TEXT_REPLY_HELD_BYTES_MAX: String(HELD_BYTES) });
  for (let batch = 0; batch < BATCH_COUNT; batch += 1) {
    const deltas = Array.from({ length: BATCH_SIZE }, (_, i) => ({
      customerId: 'acme',
      delta: ((batch * BATCH_SIZE + i) % 7) - 3 || 0.5,
      reason: `usage ${batch}/${i}`,
    }));
    const reply = await service.post(`${BALANCE}/delta/batch`, { deltas });
    const { results } = reply.body.data as { results: { receiptId: string }[] };
    receiptIds.push(...results.map(({ receiptId }) => receiptId));
  }
  await until(
    () => service.get(`${BALANCE}/tree/acme`),
    ({ body }) => (body.data as TreeData | undefined)?.size === DELTA_COUNT,
  );
});
afterAll(() => service.stop('SIGTERM'));

it('a receipt of everything is streamed as JSON and as a file, and holds', async () => {
  const keys = await noteKeys(service);
  const json = await asked(`${BALANCE}/receipt/acme`);
  expect([json.status, json.headers.get('content-length')]).toEqual([200, null]);
  const { data } = (await json.json()) as {
    data: { deltas: object[]; proof: unknown; verification: { itemHashes: string[] } };
  };
  expect([data.deltas.length, data.verification.itemHashes.length]).toEqual([
    DELTA_COUNT,
    DELTA_COUNT,
  ]);
  const parsed = parseReceiptJson(data.proof);
  const verdict = parsed.ok && verifyReceipt(parsed.value, keys, verifierCrypto);
  if (!verdict || !verdict.ok) throw new Error(JSON.stringify(verdict));
  expect(verdict.deltas.map(({ receiptId }) => receiptId)).toEqual(receiptIds);
  const file = await asked(`${BALANCE}/receipt/acme?format=tlog-proof`);
  expect(file.headers.get('content-length')).toBeNull();
  expect(verifyReceiptFile(await file.text(), keys, verifierCrypto)).toEqual(verdict);
});

it('one delta of many is proven in few bytes', async () => {
  const query = `receiptId=${receiptIds[7_776]}&format=tlog-proof&content=exclude`;
  const text = await (await asked(`${BALANCE}/receipt/acme?${query}`)).text();
  expect(text.length).toBeLessThan(3_500);
  const verdict = verifyReceiptFile(text, await noteKeys(service), verifierCrypto);
  expect(verdict).toMatchObject({ ok: true, deltas: [{ leaf: { sequence: '7777' } }] });
});

describe('two histories', () => {
  const OTHER_ID = `0x${'ab'.repeat(32)}`;

  /** Compares as the SDK does, through somebody in between who may change each reply. */
  async function compared(
    ids: readonly string[],
    change: (text: string, count: number) => string = (text) => text,
  ): Promise<{ found: HistoryComparison; requestCount: number }> {
    let requestCount = 0;
    const pac = new PacSpace({
      apiKey: API_KEY,
      baseUrl: service.baseUrl,
      fetch: async (url, init) => {
        const reply = await fetch(url, init);
        const text = await reply.text();
        if (!String(url).includes('/tree/')) return new Response(text, reply);
        requestCount += 1;
        expect(text.length).toBeLessThanOrEqual(REPLY_BYTES_MAX);
        return new Response(change(text, requestCount), reply);
      },
    });
    return { found: await pac.balance.findDifference('acme', ids), requestCount };
  }

  it('that are the same need one request', async () => {
    const { found, requestCount } = await compared(receiptIds);
    expect([found.same, requestCount]).toEqual([true, 1]);
  });

  it.each([0, 1, 511, 5_432, DELTA_COUNT - 1])('part at number %d', async (at) => {
    const others = receiptIds.map((id, i) => (i < at ? id : OTHER_ID));
    const { found, requestCount } = await compared(others);
    if (found.same) throw new Error('they are not the same');
    const { sequenceNumber, ours, theirs } = found;
    expect([sequenceNumber, ours, theirs]).toEqual([at + 1, OTHER_ID, receiptIds[at]]);
    expect(verifyDifference(found.proof, sha256)).toEqual({ ok: true });
    expect(requestCount).toBeLessThanOrEqual(Math.ceil(Math.log2(DELTA_COUNT)) + 1);
  });

  it('of which one is longer part where the other ends', async () => {
    const { found } = await compared(receiptIds.slice(0, 10_240));
    const theirs = receiptIds[10_240];
    expect(found).toMatchObject({ same: false, sequenceNumber: 10_241, ours: undefined, theirs });
    const longer = await compared([...receiptIds, OTHER_ID]);
    const sequenceNumber = DELTA_COUNT + 1;
    expect(longer.found).toMatchObject({ sequenceNumber, ours: OTHER_ID, theirs: undefined });
    expect((await compared([])).found).toMatchObject({ sequenceNumber: 1, theirs: receiptIds[0] });
  });

  it('are not compared by nodes that do not lead to the signed head', async () => {
    const others = receiptIds.map((id, i) => (i === 7_000 ? OTHER_ID : id));
    const otherNode = (text: string): string =>
      text.replace(/"nodes":\["0x[0-9a-f]{64}"/, `"nodes":["${OTHER_ID}"`);
    const lies: [string, (text: string, count: number) => string][] = [
      ['NODES_MISMATCH', otherNode],
      ['NODES_MISMATCH', (text, count) => (count === 1 ? text : otherNode(text))],
      ['NOT_IN_LOG', (text) => text.replace(/"root":"0x[0-9a-f]{64}"/, `"root":"${OTHER_ID}"`)],
    ];
    for (const [code, lie] of lies) {
      await expect(compared(others, lie)).rejects.toMatchObject({ code });
    }
  });

  it.each(['?size=11000&level=0&from=0', '?size=11000&level=0&from=0&count=513'])(
    '%s is refused',
    async (query) => {
      const reply = await service.get(`${BALANCE}/tree/acme${query}`);
      expect(reply).toMatchObject({ status: 400, body: { error: { field: 'count' } } });
    },
  );

  it('of a size that is not sealed yet are refused', async () => {
    const query = '?size=11001&level=0&from=0&count=1';
    const reply = await service.get(`${BALANCE}/tree/acme${query}`);
    expect(reply).toMatchObject({ status: 409, body: { error: { code: 'NOT_VERIFIED_YET' } } });
  });
});
