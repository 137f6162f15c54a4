// A customer with more than ten thousand deltas: receipts of all of them stream, and two histories
// are compared in a few small requests.
import {
  bytesOfHex,
  findDifference,
  MerkleTree,
  parseReceiptJson,
  parseSeal,
  sealText,
  utf8,
  verifyDifference,
  verifyReceipt,
  verifyReceiptFile,
  verifyTlogProof,
  type DifferenceResult,
  type ReadNode,
} from '@deltabook/integrity';
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
  readonly seal: object;
  readonly sealProof: {
    readonly index: string;
    readonly hashes: string[];
    readonly logHead: string;
  };
  readonly size: number;
  readonly nodes: readonly string[];
}

let service: ServiceProcess;
/** Of every delta, in order. */
const receiptIds: string[] = [];

const asked = (path: string): Promise<Response> =>
  fetch(service.baseUrl + path, { headers: { 'X-Api-Key': API_KEY } });

const bytesOf = (hash: string): Uint8Array => bytesOfHex(hash.slice(2)) ?? new Uint8Array(0);

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
  /** Ours, as somebody else kept it. */
  function historyOf(ids: readonly string[]): { size: number; readNode: ReadNode } {
    const nodes = new Map<string, Uint8Array>();
    MerkleTree.empty(sha256).appendAll(ids.map(bytesOf), (level, index, hash) =>
      nodes.set(`${level}/${index}`, hash),
    );
    return {
      size: ids.length,
      readNode: (level, index) => nodes.get(`${level}/${index}`) as Uint8Array,
    };
  }

  async function compared(
    ids: readonly string[],
  ): Promise<{ result: DifferenceResult; requestCount: number }> {
    const keys = await noteKeys(service);
    let requestCount = 0;
    const ask = async (query: string): Promise<TreeData> => {
      requestCount += 1;
      const text = await (await asked(`${BALANCE}/tree/acme${query}`)).text();
      expect(text.length).toBeLessThanOrEqual(REPLY_BYTES_MAX);
      return (JSON.parse(text) as { data: TreeData }).data;
    };
    const first = await ask('');
    const { index, hashes, logHead } = first.sealProof;
    const proof = { index: Number(index), hashes: hashes.map(bytesOf), checkpoint: logHead };
    const record = sealText(first.seal as Parameters<typeof sealText>[0]);
    expect(verifyTlogProof(proof, utf8(record), keys, verifierCrypto).ok).toBe(true);
    const seal = parseSeal(record);
    if (!seal.ok) throw new Error(seal.problem);
    const theirs = { size: Number(seal.value.size), root: bytesOf(seal.value.root) };
    const result = await findDifference({
      ours: historyOf(ids),
      theirs,
      sha256,
      fetchLevel: async ({ size, level, from, count }) => {
        const isFirst = from === 0 && count === first.nodes.length;
        const query = `?size=${size}&level=${level}&from=${from}&count=${count}`;
        return (isFirst ? first : await ask(query)).nodes.map(bytesOf);
      },
    });
    return { result, requestCount };
  }

  it('that are the same need one request', async () => {
    const { result, requestCount } = await compared(receiptIds);
    expect([result, requestCount]).toEqual([{ ok: true, same: true }, 1]);
  });

  it.each([0, 1, 511, 5_432, DELTA_COUNT - 1])('part at number %d', async (at) => {
    const others = receiptIds.map((id, i) => (i < at ? id : `0x${'ab'.repeat(32)}`));
    const { result, requestCount } = await compared(others);
    if (!result.ok || result.same) throw new Error(JSON.stringify(result));
    expect(result.proof.index).toBe(at);
    expect(verifyDifference(result.proof, sha256)).toEqual({ ok: true });
    expect(requestCount).toBeLessThanOrEqual(Math.ceil(Math.log2(DELTA_COUNT)) + 1);
  });

  it('of which one is longer part where the other ends', async () => {
    const { result } = await compared(receiptIds.slice(0, 10_240));
    expect(result).toMatchObject({ ok: true, same: false, proof: { index: 10_240 } });
    const longer = await compared([...receiptIds, `0x${'ab'.repeat(32)}`]);
    expect(longer.result).toMatchObject({ ok: true, same: false, proof: { index: DELTA_COUNT } });
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
