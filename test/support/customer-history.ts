// A customer's stored history, checked: every sequence once, every receipt linked, every balance
// the sum of what came before.
import type { EventStore, RecordedEvent } from '@deltabook/application';
import { customerStream, parseCustomerEvent, type DeltaEmitted } from '@deltabook/domain';

const PAGE = 1_000;
const NO_RECEIPT = `0x${'0'.repeat(64)}`;

async function streamOf(
  store: Pick<EventStore, 'readStream'>,
  stream: string,
): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for (;;) {
    const range = { from: events.length, direction: 'forwards', limit: PAGE } as const;
    const page = await store.readStream(stream, range);
    events.push(...page);
    if (page.length < PAGE) return events;
  }
}

/** The customer's deltas in order. @throws when the history has a gap, a repeat or a broken link */
export async function checkedHistory(
  store: Pick<EventStore, 'readStream'>,
  reference: string,
): Promise<readonly DeltaEmitted[]> {
  const deltas: DeltaEmitted[] = [];
  let [balance, previous] = [0, NO_RECEIPT];
  for (const { type, data } of await streamOf(store, customerStream(reference))) {
    const event = parseCustomerEvent(type, data);
    if (event.type !== 'DeltaEmitted') continue;
    const { leaf, receiptId } = event;
    balance += Number(leaf.delta);
    const place = `delta ${deltas.length + 1} of ${reference}`;
    if (leaf.sequence !== String(deltas.length + 1))
      throw new Error(`${place} is ${leaf.sequence}`);
    if (leaf.previousProofHash !== previous) throw new Error(`${place} is not linked`);
    if (Number(leaf.balance) !== balance) throw new Error(`${place} has balance ${leaf.balance}`);
    previous = receiptId;
    deltas.push(event);
  }
  return deltas;
}
