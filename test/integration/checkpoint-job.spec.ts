// Checkpoints for all customers on real stores: who gets one, who is left out, what is passed over,
// and that a job which is ended begins where it was left.
import {
  CheckpointCommitter,
  CheckpointFactsReader,
  CheckpointJob,
  Slots,
  type CheckpointOutcome,
  type Origin,
} from '@deltabook/application';
import {
  CUSTOMER_FENCED,
  customerFencedText,
  customerStream,
  DELTAS_VERIFIED,
  sealEventText,
  sealStream,
  type CheckpointsRequest,
} from '@deltabook/domain';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { aDataDir } from '../support/service-process';
import { openLedger, type LedgerInProcess } from '../support/kafka/ledger-in-process';

const MAY = Date.parse('2026-05-10T00:00:00.000Z');
const JUNE = Date.parse('2026-06-02T00:00:00.000Z');
const WAIT_MS = 30_000;
const ROOT = `0x${'00'.repeat(32)}`;
const CUSTOMERS = Array.from({ length: 23 }, (_, i) => `cust_${i}`);
const FENCED = 'cust_4';
const LATE = 'cust_9';

const originAt = (now: number): Origin => ({
  ...{ tenant: 'default', environment: 'sandbox', door: 'http' },
  ...{ actor: 'test', correlationId: 'test', now },
});
const requestOf = (period: string, requestedAt: number): CheckpointsRequest => ({
  revision: 5,
  requested: {
    ...{ type: 'CheckpointsRequested', v: 1, environment: 'sandbox', period, recordedDeltas: 0 },
    requestedAt: new Date(requestedAt).toISOString(),
  },
  completed: undefined,
});

describe('checkpoints for all customers', () => {
  let ledger: LedgerInProcess;
  let sealRevision = -1;
  /** Customers for whom a commit was tried, in order. */
  let tried: string[] = [];

  beforeAll(async () => {
    ledger = await openLedger(aDataDir());
    for (const customerId of CUSTOMERS) {
      await emit(customerId, customerId === LATE ? JUNE : MAY);
    }
    await verify(1);
    await fence(FENCED);
  });
  afterAll(async () => {
    await ledger.close();
  });

  const referenceOf = (customerId: string): string =>
    ledger.writePath.customers.names('default', 'sandbox', customerId)?.reference ?? '';

  async function emit(customerId: string, now: number): Promise<void> {
    const delta = { customerId, nano: 1n, reason: 'r' };
    const outcome = await ledger.writePath.mailboxes.emit(originAt(now), delta, undefined);
    expect(outcome.kind).toBe('emitted');
  }

  async function append(
    stream: string,
    expectedRevision: number,
    event: { readonly type: string; readonly data: string },
  ): Promise<void> {
    const events = [{ ...event, metadata: '{}' }];
    const [outcome] = await ledger.stores.events.append([{ stream, expectedRevision, events }]);
    if (outcome?.kind !== 'appended') throw new Error('not appended');
    await ledger.stores.readStore.waitFor(outcome.position, WAIT_MS);
  }

  async function verify(size: number): Promise<void> {
    const stream = sealStream({ tenant: 'default', environment: 'sandbox' });
    const heads = CUSTOMERS.map((id) => [referenceOf(id), size, ROOT] as const);
    const sealedAt = '2026-05-10T00:00:00.000Z';
    const event = { type: DELTAS_VERIFIED, v: 1, firstIndex: 0, sealedAt, heads } as const;
    await append(stream, sealRevision, { type: DELTAS_VERIFIED, data: sealEventText(event) });
    sealRevision += 1;
  }

  async function fence(customerId: string): Promise<void> {
    const data = customerFencedText({
      ...{ type: CUSTOMER_FENCED, v: 1, fromSequence: 1, problems: ['LEAF_MISMATCH'] },
      fencedAt: '2026-05-10T00:00:00.000Z',
    });
    await append(customerStream(referenceOf(customerId)), 1, { type: CUSTOMER_FENCED, data });
  }

  function job(
    request: CheckpointsRequest,
    now: number,
    beforeCommit: (customerId: string) => CheckpointOutcome | undefined = () => undefined,
  ): CheckpointJob {
    const { events, readStore } = ledger.stores;
    const committer = new CheckpointCommitter({
      ...ledger.writePath,
      readStore,
      facts: new CheckpointFactsReader(events, readStore),
      bounds: { waitMs: 0, pollMs: 1 },
      elapsedMs: () => performance.now(),
      pause: () => nextTurn(),
    });
    tried = [];
    return new CheckpointJob('default', 'chk_all_test', request, {
      committer: {
        commit: async (origin, customerId, period) => {
          tried.push(customerId);
          return beforeCommit(customerId) ?? committer.commit(origin, customerId, period);
        },
      },
      readStore,
      slots: new Slots(2),
      bounds: { pageCount: 5, retryMs: 1 },
      now: () => now,
      pause: () => nextTurn(),
    });
  }

  const projected = async (): Promise<void> => {
    const head = await ledger.stores.events.head();
    await ledger.stores.readStore.waitFor(head, WAIT_MS);
  };
  const count = async (): Promise<number> => {
    const page = await ledger.stores.readStore.checkpointPage({
      ...{ tenant: 'default', environment: 'sandbox', reference: undefined },
      ...{ firstPeriod: '0000-01', lastPeriod: '9999-12', limit: 1, offset: 0 },
    });
    return page.total;
  };

  it('ended in the middle they go on where they were left, and make none twice', async () => {
    const request = requestOf('2026-05', JUNE);
    const ending = new AbortController();
    const first = job(request, JUNE, (customerId) => {
      if (customerId === 'cust_7') ending.abort();
      return undefined;
    });
    expect(await first.run(ending.signal)).toBe(false);
    const begun = tried.length;
    expect(begun).toBeLessThan(CUSTOMERS.length - 1);
    await projected();
    const second = job(request, JUNE);
    expect(await second.run(new AbortController().signal)).toBe(true);
    const made = { committed: 21, empty: 1, fenced: 1 };
    expect(second.progress).toEqual({ customers: 23, ...made });
    expect(tried).not.toContain('cust_0');
    expect(tried).not.toContain(FENCED);
    await projected();
    expect(await count()).toBe(21);
  });

  it('pass over those to whom nothing was added', async () => {
    await emit('cust_2', JUNE);
    await verify(2);
    const again = job(requestOf('2026-05', JUNE + 1_000), JUNE + 1_000);
    expect(await again.run(new AbortController().signal)).toBe(true);
    expect(tried.sort()).toEqual(['cust_2', LATE]);
    await projected();
    expect(await count()).toBe(21);
  });

  it('wait for what cannot be done yet', async () => {
    let refusals = 3;
    const waiting = job(requestOf('2026-06', JUNE), JUNE, (customerId) => {
      if (customerId !== 'cust_3' || refusals === 0) return undefined;
      refusals -= 1;
      return { kind: 'refused', code: 'CUSTOMER_OVERLOADED' };
    });
    expect(await waiting.run(new AbortController().signal)).toBe(true);
    expect(waiting.progress).toEqual({ customers: 23, committed: 22, empty: 0, fenced: 1 });
    expect(tried.filter((id) => id === 'cust_3')).toHaveLength(4);
  });
});
