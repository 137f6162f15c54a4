// Spans of derive and compare at the doors: what is asked for, what contradicts itself, and what
// the replies come to.
import type { DeriveBalanceQuery, SpanWanted } from '@deltabook/application';
import { CompareReply, DeriveReply, schemaOf, type ContractClass } from '@deltabook/contracts';
import { parsePeriod } from '@deltabook/domain';
import Ajv from 'ajv';
import { NOW, openDoors } from '../../../../../test/support/http-doors';

const UNIT = 1_000_000_000n;
const CHECKPOINT = `chk_${'a'.repeat(40)}`;
const RECORD = `rec_${'b'.repeat(40)}`;
const ROOT = `0x${'Ab'.repeat(32)}`;
const row = { customerId: 'cust:1', latestCheckpoint: CHECKPOINT };
const before = { sequence: 3, balanceNano: 30n * UNIT, receiptId: '0x33' };
const last = { sequence: 7, balanceNano: 75n * UNIT, receiptId: '0x77' };
const deltas = [
  {
    ...{ recordId: RECORD, receiptId: '0x44', contentHash: '0x', previousProofHash: '0x33' },
    ...{ sequence: 4, nano: 5n * UNIT, balanceNano: 35n * UNIT, reason: 'r', status: 'VERIFIED' },
    ...{ recordedAt: '2026-01-01T00:00:00.000Z', time: '2026-01-01T00:00:00.000Z' },
  },
];
const answer = {
  ...{ kind: 'found', position: 9n },
  value: { row, span: { before, last }, deltas },
};
const doors = () => openDoors(() => answer);
const derive = (query: string) => doors().get(`/api/v1/balance/derive/cust%3A1${query}`);
const compare = (body: object) =>
  doors().post('/api/v1/balance/compare', {
    ...{ customerId: 'cust:1', yourBalance: 45, theirBalance: '44.5' },
    ...body,
  });

const ajv = new Ajv({ allowUnionTypes: true });
function expectForm(contract: ContractClass, data: unknown): void {
  ajv.validate(schemaOf(contract), data);
  expect(ajv.errors).toBeNull();
}

/** What is asked of the query bus for a derive's query. */
async function wantedOf(query: string): Promise<SpanWanted> {
  const { get, messages } = doors();
  const { status } = await get(`/api/v1/balance/derive/cust%3A1?${query}`);
  expect(status).toBe(200);
  const { start, scope } = (messages[0] as DeriveBalanceQuery).request;
  return { start, scope };
}

describe('a span', () => {
  const root = { kind: 'root', proofRoot: ROOT.toLowerCase() };
  const record = { kind: 'record', recordId: RECORD };
  const checkpoint = { kind: 'checkpoint', checkpointId: CHECKPOINT };

  it.each([
    [`startingCheckpoint=${CHECKPOINT}`, checkpoint],
    [`startingCheckpoint=${RECORD}`, record],
    [`startingCheckpoint=${ROOT}`, root],
    [`startingCheckpoint=${ROOT}&startingCheckpointType=itemsRoot`, root],
    [`startingCheckpoint=${ROOT}&startingCheckpointType=proofRoot`, root],
    [`startingCheckpoint=${RECORD}&startingCheckpointType=anchorId`, record],
    [`startingCheckpoint=${RECORD}&startingCheckpointType=recordId`, record],
    [`startingCheckpoint=${CHECKPOINT}&startingCheckpointType=itemsRoot`, checkpoint],
    [`startingCheckpoint=${CHECKPOINT}&startingCheckpointType=recordId`, checkpoint],
    ['startingCheckpointType=itemsRoot', undefined],
  ])('%s starts there', async (query, start) => {
    expect(await wantedOf(query)).toEqual({ start, scope: undefined });
  });

  it.each([
    ['period=2026-01', parsePeriod('2026-01')],
    ['timePreset=current_month', parsePeriod(new Date(NOW).toISOString().slice(0, 7))],
    ['startDate=2026-01-01&endDate=2026-02-01', parsePeriod('2026-01')],
  ])('%s is a scope', async (query, scope) => {
    expect(await wantedOf(query)).toEqual({ start: undefined, scope });
  });

  it.each([
    [`startingCheckpoint=${CHECKPOINT}&period=2026-01`, 'INVALID_SCOPE_COMBINATION', undefined],
    [`startingCheckpoint=${ROOT}&startDate=2026-01-01`, 'INVALID_SCOPE_COMBINATION', undefined],
    ['period=2026-01&timePreset=current_month', 'INVALID_SCOPE_COMBINATION', undefined],
    ['period=2026-13', 'VALIDATION_FAILED', 'period'],
    ['startDate=2026-02-30', 'VALIDATION_FAILED', 'startDate'],
    ['startingCheckpoint=x', 'VALIDATION_FAILED', 'startingCheckpoint'],
    [
      `startingCheckpoint=${RECORD}&startingCheckpointType=itemsRoot`,
      'VALIDATION_FAILED',
      'startingCheckpoint',
    ],
    [
      `startingCheckpoint=${ROOT}&startingCheckpointType=anchorId`,
      'VALIDATION_FAILED',
      'startingCheckpoint',
    ],
    ['startingCheckpointType=chk', 'VALIDATION_FAILED', 'startingCheckpointType'],
    ['startingBalance=1e3', 'VALIDATION_FAILED', 'startingBalance'],
  ])('%s is none', async (query, code, field) => {
    const ofDerive = await derive(`?${query}`);
    const ofCompare = await compare(Object.fromEntries(new URLSearchParams(query)));
    for (const { status, body } of [ofDerive, ofCompare]) {
      expect([status, body.error['code'], body.error['field']]).toEqual([400, code, field]);
    }
  });
});

describe('GET derive', () => {
  const start = `?startingCheckpoint=${CHECKPOINT}`;

  it('from a starting point begins with the balance there', async () => {
    const { body } = await derive(start);
    expectForm(DeriveReply, body.data);
    expect(body.data).toMatchObject({
      startingCheckpoint: CHECKPOINT,
      startingBalance: 30,
      computedBalanceDecimal: '75',
      deltasCount: 4,
      startingSequenceNumber: 3,
      proofRoot: '0x77',
      latestCheckpoint: CHECKPOINT,
      deltas: [{ sequenceNumber: 4, computedBalance: 35 }],
      pagination: { limit: 100, offset: 0, total: 4 },
    });
  });

  it('with a balance of the caller begins with that', async () => {
    const { body } = await derive(`${start}&startingBalance=-0.5`);
    expect(body.data).toMatchObject({
      startingBalanceDecimal: '-0.5',
      computedBalanceDecimal: '44.5',
      deltas: [{ computedBalanceDecimal: '4.5' }],
    });
  });

  it('of a scope comes to what was recorded in it', async () => {
    const { body } = await derive('?period=2026-01');
    expectForm(DeriveReply, body.data);
    expect(body.data).toMatchObject({
      startingBalance: 0,
      computedBalance: 45,
      period: '2026-01',
      startDate: '2026-01-01T00:00:00.000Z',
      endDate: '2026-02-01T00:00:00.000Z',
    });
  });
});

describe('POST compare', () => {
  it('says who agrees with what is recorded, and by how much others do not', async () => {
    const { status, body } = await compare({ period: '2026-01' });
    expect(status).toBe(201);
    expectForm(CompareReply, body.data);
    expect(body.data).toMatchObject({
      neutralBalance: 45,
      neutralBalanceDecimal: '45',
      matchesYours: true,
      matchesTheirs: false,
      yourDiscrepancy: 0,
      theirDiscrepancy: -0.5,
      theirDiscrepancyDecimal: '-0.5',
      deltaCount: 4,
      position: '9',
    });
  });

  it('compares exactly', async () => {
    const { body } = await compare({
      ...{ startingBalance: '0.000000001', startingCheckpoint: RECORD },
      ...{ yourBalance: '45.000000001', theirBalance: 45 },
    });
    expect(body.data).toMatchObject({ matchesYours: true, matchesTheirs: false });
    expect(body.data['theirDiscrepancyDecimal']).toBe('-0.000000001');
  });

  it.each([
    [{ yourBalance: undefined }, 'VALIDATION_FAILED', 'yourBalance'],
    [{ theirBalance: 'many' }, 'VALIDATION_FAILED', 'theirBalance'],
    [{ theirBalance: 0.1 + 0.2 }, 'INVALID_AMOUNT', 'theirBalance'],
    [{ yourBalance: 1e30 }, 'INVALID_AMOUNT', 'yourBalance'],
    [{ customerId: '..' }, 'INVALID_CUSTOMER_ID', 'customerId'],
    [{ unknown: 1 }, 'VALIDATION_FAILED', 'unknown'],
  ])('refuses %j', async (change, code, field) => {
    const { status, body } = await compare(change);
    expect([status, body.error['code'], body.error['field']]).toEqual([400, code, field]);
  });
});
