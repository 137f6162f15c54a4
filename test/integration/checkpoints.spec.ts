// Checkpoints through the write path on real stores: beside deltas, by two processes, and decided
// on what is not projected yet.
import {
  CheckpointCommitter,
  CheckpointFactsReader,
  NO_STREAM,
  type CheckpointOutcome,
  type EmitOutcome,
  type Origin,
  type ReadStore,
} from '@deltabook/application';
import {
  DELTAS_VERIFIED,
  parsePeriod,
  sealEventText,
  sealStream,
  type Period,
} from '@deltabook/domain';
import { setTimeout as delay } from 'node:timers/promises';
import { aDataDir } from '../support/service-process';
import { checkedHistory } from '../support/customer-history';
import { openLedger, type LedgerInProcess } from '../support/kafka/ledger-in-process';

const MAY = Date.parse('2026-05-10T00:00:00.000Z');
const WAIT_MS = 30_000;
const SEVEN = 7_000_000_000n;

const month = (text: string): Period => {
  const period = parsePeriod(text);
  if (!period) throw new Error(`${text} is no period`);
  return period;
};
const originAt = (now: number): Origin => ({
  tenant: 'default',
  environment: 'sandbox',
  door: 'http',
  actor: 'test',
  correlationId: 'test',
  now,
});

describe('checkpoints', () => {
  let ledger: LedgerInProcess;
  let other: LedgerInProcess['writePath'];
  let sealRevision = NO_STREAM;

  beforeAll(async () => {
    ledger = await openLedger(aDataDir());
    other = await ledger.anotherWritePath();
  });
  afterAll(async () => {
    await other.admission.drain();
    await ledger.close();
  });

  const emit = async (
    customerId: string,
    now = MAY,
    writePath = ledger.writePath,
  ): Promise<EmitOutcome> =>
    writePath.mailboxes.emit(originAt(now), { customerId, nano: SEVEN, reason: 'r' }, undefined);

  const referenceOf = (customerId: string): string =>
    ledger.writePath.customers.names('default', 'sandbox', customerId)?.reference ?? '';

  /** Says in the seal log what a verifier would, and waits until it is projected. */
  async function verify(customerId: string, size: number): Promise<void> {
    const stream = sealStream({ tenant: 'default', environment: 'sandbox' });
    const data = sealEventText({
      type: DELTAS_VERIFIED,
      v: 1,
      firstIndex: sealRevision + 1,
      sealedAt: '2026-05-10T00:00:00.000Z',
      heads: [[referenceOf(customerId), size, `0x${'00'.repeat(32)}`]],
    });
    const events = [{ type: DELTAS_VERIFIED, data, metadata: '{}' }];
    const append = { stream, expectedRevision: sealRevision, events };
    const [outcome] = await ledger.stores.events.append([append]);
    if (outcome?.kind !== 'appended') throw new Error('not appended');
    sealRevision = outcome.revision;
    await ledger.stores.readStore.waitFor(outcome.position, WAIT_MS);
  }

  function committer(
    writePath = ledger.writePath,
    readStore: Pick<
      ReadStore,
      'customers' | 'periodCheckpoints' | 'waitFor' | 'projectedPosition'
    > = ledger.stores.readStore,
    waitMs = 0,
  ): CheckpointCommitter {
    return new CheckpointCommitter({
      ...writePath,
      readStore,
      facts: new CheckpointFactsReader(ledger.stores.events, readStore),
      bounds: { waitMs, pollMs: 5 },
      elapsedMs: () => performance.now(),
      pause: (ms) => delay(ms),
    });
  }

  /** Asks again while others are faster, as a client would. */
  async function untilTaken<T extends { readonly kind: string; readonly code?: string }>(
    send: () => Promise<T>,
  ): Promise<T> {
    for (;;) {
      const outcome = await send();
      if (outcome.code !== 'CONTENTION') return outcome;
    }
  }

  async function emitted(customerId: string, writePath: LedgerInProcess['writePath']) {
    const outcome = await untilTaken(() => emit(customerId, MAY, writePath));
    expect(outcome.kind).toBe('emitted');
  }

  const committed = (
    outcome: CheckpointOutcome,
  ): Exclude<CheckpointOutcome, { kind: 'refused' }> => {
    if (outcome.kind === 'refused') throw new Error(outcome.code);
    return outcome;
  };

  it('of one month are one, whoever asks at the same moment', async () => {
    await emit('twice');
    await verify('twice', 1);
    const both = [committer(), committer(other)];
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        (both[i % 2] ?? committer()).commit(
          { ...originAt(MAY), correlationId: `request ${i}` },
          'twice',
          month('2026-05'),
        ),
      ),
    );
    const revisions = new Set(outcomes.map((outcome) => committed(outcome).checkpoint.revision));
    expect([...revisions]).toEqual([2]);
    expect(outcomes.filter(({ kind }) => kind === 'committed')).toHaveLength(1);
  });

  it('neither lose a delta nor are lost among deltas of two processes', async () => {
    await emit('busy');
    await verify('busy', 1);
    const emitting = [ledger.writePath, other].map(async (writePath) => {
      for (let i = 0; i < 60; i += 1) await emitted('busy', writePath);
    });
    const checkpoint = await untilTaken(() =>
      committer(other).commit(originAt(MAY), 'busy', month('2026-05')),
    );
    await Promise.all(emitting);
    expect(checkpoint).toMatchObject({ kind: 'committed', checkpoint: { event: { sequence: 1 } } });
    const deltas = await checkedHistory(ledger.stores.events, referenceOf('busy'));
    expect(deltas).toHaveLength(121);
  });

  it('are found before they are projected', async () => {
    await emit('unseen');
    await verify('unseen', 1);
    const { readStore } = ledger.stores;
    const [row] = await readStore.customers([referenceOf('unseen')]);
    const stale = {
      customers: () => Promise.resolve([row]),
      periodCheckpoints: () => Promise.resolve([undefined]),
      waitFor: () => Promise.resolve(true),
      projectedPosition: () => 0n,
    };
    const commit = async () =>
      committed(
        await committer(ledger.writePath, stale).commit(originAt(MAY), 'unseen', month('2026-05')),
      );
    const first = await commit();
    expect([first.kind, (await commit()).kind]).toEqual(['committed', 'repeated']);
    await emit('unseen');
    const stillOne = await commit();
    expect(stillOne.checkpoint).toEqual(first.checkpoint);
  });

  it('of a month that has ended wait for its deltas to be verified', async () => {
    await emit('late');
    const june = originAt(Date.parse('2026-06-01T00:00:00.000Z'));
    const refusal = { kind: 'refused', code: 'VERIFICATION_PENDING' };
    expect(await committer().commit(june, 'late', month('2026-05'))).toEqual(refusal);
    const waiting = committer(ledger.writePath, ledger.stores.readStore, WAIT_MS).commit(
      june,
      'late',
      month('2026-05'),
    );
    await verify('late', 1);
    expect(committed(await waiting)).toMatchObject({
      kind: 'committed',
      checkpoint: { event: { sequence: 1, balance: '7' }, revision: 2 },
    });
    const repeated = committed(await committer().commit(june, 'late', month('2026-05')));
    expect(repeated).toMatchObject({ kind: 'repeated', checkpoint: { revision: 2 } });
    const july = originAt(Date.parse('2026-07-01T00:00:00.000Z'));
    expect(committed(await committer().commit(july, 'late', month('2026-06')))).toMatchObject({
      checkpoint: { event: { deltaCount: 0, sequence: 1, openingBalance: '7' } },
    });
  });

  it('count for the time of what is recorded after them', async () => {
    const customerId = 'clock';
    await emit(customerId);
    await verify(customerId, 1);
    const june = Date.parse('2026-06-01T00:00:00.000Z');
    committed(await committer().commit(originAt(june), customerId, month('2026-05')));
    const behind = await emit(customerId, MAY, other);
    expect(behind).toMatchObject({ delta: { recordedAt: '2026-06-01T00:00:00.000Z' } });
  });
});
