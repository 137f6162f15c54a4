// Whether the key index has the idempotency key of every delta: one that it lacks would be taken
// for new when it comes again. What it has too many does no harm: the event decides.
import { DELTA_EMITTED, readDeltaText } from '@deltabook/domain';
import { LOG_START, type Position, type RecordedEvent } from '../ports/event-store.port';
import type { ServedKeys, ServedRows } from '../ports/served-rows.port';
import type { AuditFinding } from './audit-report';
import type { CustomerReplay } from './customer-replay';

/** Keys looked for at once: each time the whole index is read. */
const KEYS_AT_ONCE = 262_144;

interface KeyedDelta {
  readonly replay: CustomerReplay;
  readonly sequence: number;
}

export class KeyAudit {
  private readonly keys: ServedKeys | undefined;
  /** The index has the keys of all events up to here. */
  private through: Position = LOG_START;
  /** As the keys were taken. */
  private deltas: KeyedDelta[] = [];
  /** Least sequence of a customer's deltas whose key is missing. */
  private readonly missing = new Map<CustomerReplay, number>();

  /** Without rows nothing is looked for. */
  constructor(rows: ServedRows | undefined) {
    this.keys = rows?.keys();
  }

  /** Rows of that position are served, and with them the key index. */
  serves(position: Position): void {
    if (position > this.through) this.through = position;
  }

  /** Takes the next event of a customer; keys of events that may not be indexed are left out. */
  take({ type, data, revision, position }: RecordedEvent, replay: CustomerReplay): void {
    const { keys } = this;
    if (!keys || type !== DELTA_EMITTED || position > this.through) return;
    const delta = readDeltaText(data);
    if (delta?.keyHex === undefined) return;
    keys.take(delta.keyHex, revision);
    this.deltas.push({ replay, sequence: Number(delta.sequence) });
    if (keys.count >= KEYS_AT_ONCE) this.look();
  }

  /** Looks for the keys that were taken. */
  look(): void {
    for (const number of this.keys?.missing() ?? []) {
      const delta = this.deltas[number];
      if (!delta) continue;
      const known = this.missing.get(delta.replay) ?? Infinity;
      this.missing.set(delta.replay, Math.min(known, delta.sequence));
    }
    this.deltas = [];
  }

  /** Undefined when all keys that were looked for are there. */
  findingOf(replay: CustomerReplay): AuditFinding | undefined {
    const sequence = this.missing.get(replay);
    if (sequence === undefined) return undefined;
    const { identity: customer } = replay.customer;
    const what = `the idempotency key of delta ${sequence} is not in the key index`;
    return { code: 'KEY_MISSING', customer, sequence, what };
  }
}
