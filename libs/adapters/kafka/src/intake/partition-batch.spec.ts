import {
  DeltaSequence,
  type EmitDeltasCommand,
  type EmitOutcome,
  type WriteRefusalCode,
} from '@deltabook/application';
import { InFlight } from './in-flight';
import {
  PartitionBatch,
  type FetchedMessage,
  type PartitionServices,
  type Settled,
} from './partition-batch';

const place = {
  binding: { topic: 'deltas', tenant: 'acme', environment: 'sandbox' },
  partition: 0,
  cluster: 'c',
  epoch: '0',
} as const;
const repeated = { kind: 'repeated' } as unknown as EmitOutcome;

/** Messages 0 … count-1 of customers `0`, `1`, `2` in turn; those in `poison` are not JSON. */
function messages(count: number, poison: readonly number[] = []): FetchedMessage[] {
  return Array.from({ length: count }, (_, i) => {
    const customerId = String(i % 3);
    const value = Buffer.from(poison.includes(i) ? '{' : JSON.stringify({ customerId, at: i }));
    return { offset: String(100 + i), key: Buffer.from(customerId), value, headers: {} };
  });
}

/** A write path that refuses what `refusals` names, by the message's number. */
function services(refusals: Readonly<Record<number, WriteRefusalCode>>): PartitionServices & {
  readonly handedOver: number[];
} {
  const handedOver: number[] = [];
  const outcome = (at: number): EmitOutcome => {
    const code = refusals[at];
    return code ? { kind: 'refused', code } : repeated;
  };
  const emitDeltas = ({ deltas, sequence }: EmitDeltasCommand): Promise<EmitOutcome[]> => {
    const outcomes = deltas.map(({ delta }) => {
      const at = Number(delta.reason);
      handedOver.push(at);
      const decided = outcome(at);
      if (decided.kind === 'refused') {
        sequence.refused(delta.customerId, decided.code, sequence.nextPlace());
      }
      return decided;
    });
    return Promise.resolve(outcomes);
  };
  return {
    emitDeltas,
    readBody: (body) => {
      const { customerId, at } = body as { customerId: string; at: number };
      return { customerId, nano: 1n, reason: String(at) };
    },
    inFlight: new InFlight({ count: 8, byteCount: 10_000 }),
    bodyBytesMax: 100,
    handoverCountMax: 4,
    handoverBytesMax: 1_000,
    now: () => 1,
    onError: () => undefined,
    handedOver,
  };
}

const aBatch = (
  of: FetchedMessage[],
  parts: PartitionServices,
  sequence = new DeltaSequence(),
): PartitionBatch => new PartitionBatch(of, place, parts, sequence);

async function settle(batch: PartitionBatch): Promise<Settled> {
  await batch.handOver();
  return batch.settle();
}

it('settles everything, with poison and refusals for good as letters in order', async () => {
  const parts = services({ 5: 'IDEMPOTENCY_CONFLICT' });
  const settled = await settle(aBatch(messages(10, [7, 2]), parts));
  expect(settled).toMatchObject({ count: 10, repeatedCount: 7, heldBy: undefined });
  const letters = settled.letters.map(({ coordinates: { offset }, reason }) => offset + reason);
  expect(letters).toEqual([
    '102MESSAGE_UNREADABLE',
    '105IDEMPOTENCY_CONFLICT',
    '107MESSAGE_UNREADABLE',
  ]);
});

it('stops before the first delta refused for now, and keeps later letters back', async () => {
  const parts = services({ 5: 'STORE_FULL' });
  const settled = await settle(aBatch(messages(20, [1, 6]), parts));
  expect(settled).toMatchObject({ count: 5, heldBy: 'STORE_FULL' });
  expect(settled.letters.map(({ coordinates }) => coordinates.offset)).toEqual(['101']);
  expect(Math.max(...parts.handedOver)).toBeLessThan(12);
});

it('waits when the tenant is unknown, since no message is to blame', async () => {
  const parts = services({ 0: 'TENANT_UNKNOWN' });
  const settled = await settle(aBatch(messages(3), parts));
  expect(settled).toMatchObject({ count: 0, letters: [], heldBy: 'TENANT_UNKNOWN' });
});

it('takes a write path that throws for one that cannot take anything now', async () => {
  const throwing = { ...services({}), emitDeltas: () => Promise.reject(new Error('no')) };
  const sequence = new DeltaSequence();
  const settled = await settle(aBatch(messages(3), throwing, sequence));
  expect(settled).toMatchObject({ count: 0, heldBy: 'STORE_UNAVAILABLE' });
  expect(sequence.heldBy('0', 1)).toBe('STORE_UNAVAILABLE');
});

it('hands nothing over once it is stopped, and settles what it had', async () => {
  const parts = services({});
  const batch = aBatch(messages(20), parts);
  const settling = settle(batch);
  batch.stop();
  const { count } = await settling;
  expect(count).toBe(parts.handedOver.length);
  expect(count).toBeLessThan(20);
});

it('hands all of one partition over before the next one begins', async () => {
  const parts = services({});
  const batches = [0, 1].map(() => aBatch(messages(20), parts));
  const settled = await Promise.all(batches.map((batch) => settle(batch)));
  expect(settled.map(({ count }) => count)).toEqual([20, 20]);
  const once = Array.from({ length: 20 }, (_, i) => i);
  expect(parts.handedOver).toEqual([...once, ...once]);
});

it('lets the next partition begin when one is stopped or held', async () => {
  const parts = services({ 5: 'STORE_FULL' });
  const stopped = aBatch(messages(20), parts);
  const others = [20, 3].map((count) => aBatch(messages(count), parts));
  const settling = [stopped, ...others].map((batch) => settle(batch));
  stopped.stop();
  const settled = await Promise.all(settling);
  expect(settled.map(({ count }) => count)).toEqual([0, 5, 3]);
});
