import { setImmediate as turn } from 'node:timers/promises';
import type { ItemOutcome } from './batch-sender';
import { ImportRun, type ImportRunOptions, type RefusedRow } from './import-run';
import { DEFAULT_COLUMNS, type BatchItem } from './row-item';
import { NO_PROGRESS } from './saved-progress';
import type { SourceRow } from './source-row';

const ACCEPTED: ItemOutcome = { kind: 'accepted' };
const REFUSED: ItemOutcome = { kind: 'refused', code: 'INVALID_AMOUNT', message: 'No amount.' };

/** Rows of `customerCount` customers in turns; the header is line 1. */
async function* rowsOf(rowCount: number, customerCount: number): AsyncGenerator<SourceRow> {
  for (let n = 0; n < rowCount; n += 1) {
    if (n % 100 === 0) await turn();
    const fields = { customerId: `c${n % customerCount}`, delta: n + 1, referenceId: `r${n}` };
    yield { line: n + 2, byteCount: n * 10, fields };
  }
}

interface Observed {
  readonly run: ImportRun;
  readonly sent: BatchItem[];
  readonly refused: RefusedRow[];
}

function anImport(
  answer: (item: BatchItem, sentCount: number) => ItemOutcome,
  options: Partial<ImportRunOptions> = {},
): Observed {
  const sent: BatchItem[] = [];
  const refused: RefusedRow[] = [];
  const send = async (items: readonly BatchItem[]): Promise<ItemOutcome[]> => {
    await turn();
    sent.push(...items);
    return items.map((item) => answer(item, sent.length));
  };
  const run = new ImportRun({
    batchCountMax: 10,
    batchBytesMax: 10_000,
    laneCount: 4,
    mapping: {
      columns: DEFAULT_COLUMNS,
      reason: 'import',
      withoutMetadata: false,
      keyless: false,
    },
    sender: { send },
    earlier: NO_PROGRESS,
    signal: new AbortController().signal,
    onRefused: (row) => refused.push(row),
    onProgress: () => undefined,
    ...options,
  });
  return { run, sent, refused };
}

it('sends every row once, and those of a customer in the order of the file', async () => {
  const { run, sent } = anImport(() => ACCEPTED);
  await run.take(rowsOf(1_003, 7));
  expect(run.counts).toEqual({ accepted: 1_003, repeated: 0, refused: 0 });
  expect(run.progress()).toEqual({ settledLine: 1_004, counts: run.counts });
  const ofOne = sent.filter(({ customerId }) => customerId === 'c3').map(({ delta }) => delta);
  expect(ofOne).toEqual([...ofOne].sort((a, b) => Number(a) - Number(b)));
  expect(new Set(sent.map(({ referenceId }) => referenceId)).size).toBe(1_003);
});

it('keeps batches within their bytes', async () => {
  const sizes: number[] = [];
  const send = (items: readonly BatchItem[]): Promise<ItemOutcome[]> => {
    sizes.push(JSON.stringify(items).length);
    return Promise.resolve(items.map(() => ACCEPTED));
  };
  const { run } = anImport(() => ACCEPTED, {
    sender: { send },
    batchCountMax: 1_000,
    batchBytesMax: 500,
  });
  await run.take(rowsOf(100, 1));
  expect(run.counts.accepted).toBe(100);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(502);
  expect(sizes.length).toBeGreaterThan(5);
});

it('names refused rows by line and goes on', async () => {
  const { run, refused } = anImport(({ delta }) => (Number(delta) % 50 === 0 ? REFUSED : ACCEPTED));
  await run.take(rowsOf(100, 3));
  expect(run.counts).toEqual({ accepted: 98, repeated: 0, refused: 2 });
  expect(refused.map(({ line, code }) => [line, code]).sort()).toEqual([
    [101, 'INVALID_AMOUNT'],
    [51, 'INVALID_AMOUNT'],
  ]);
});

it('stops at what cannot be sent and later goes on without a gap or a double count', async () => {
  const { run: first, sent } = anImport((_, sentCount) => {
    if (sentCount > 300) throw new Error('gone');
    return ACCEPTED;
  });
  await expect(first.take(rowsOf(1_000, 11))).rejects.toThrow('gone');
  const earlier = first.progress();
  expect(earlier.settledLine).toBeGreaterThan(1);
  expect(earlier.counts.accepted).toBe(earlier.settledLine - 1);

  const before = new Set(sent.map(({ referenceId }) => referenceId));
  const { run: second, sent: resent } = anImport(
    ({ referenceId }) => (before.has(referenceId) ? { kind: 'repeated' } : ACCEPTED),
    { earlier },
  );
  await second.take(rowsOf(1_000, 11));
  expect(resent).toHaveLength(1_000 - earlier.counts.accepted);
  const { accepted, repeated } = second.counts;
  expect(accepted + repeated).toBe(1_000);
});

it('a lane that fills slowly does not hold back where to go on', async () => {
  const { run } = anImport(() => ACCEPTED, { batchCountMax: 1_000 });
  const rows = async function* (): AsyncGenerator<SourceRow> {
    yield* rowsOf(1, 1);
    for await (const row of rowsOf(25_000, 1)) {
      const fields = { customerId: 'z', delta: 1, referenceId: `z${row.line}` };
      yield { line: row.line + 1, byteCount: row.byteCount, fields };
    }
    await turn();
    expect(run.progress().settledLine).toBeGreaterThan(20_000);
  };
  await run.take(rows());
});

it('ends early when it is told to, with everything under way settled', async () => {
  const stop = new AbortController();
  const { run, sent } = anImport(
    (_, sentCount) => {
      if (sentCount > 200) stop.abort();
      return ACCEPTED;
    },
    { signal: stop.signal },
  );
  await run.take(rowsOf(10_000, 5));
  expect(sent.length).toBeLessThan(10_000);
  const { settledLine, counts } = run.progress();
  expect(counts.accepted).toBe(settledLine - 1);
});
