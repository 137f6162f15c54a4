// Whether the key index and the receipt index have every delta. A key that is missing would be
// taken for new when it comes again; a receiptId that is missing would be called unknown. What an
// index has too many does no harm: the event decides.
import { DELTA_EMITTED, readDeltaText, type DeltaText } from '@deltabook/domain';
import { LOG_START, type Position, type RecordedEvent } from '../ports/event-store.port';
import type { LookedFor, ServedKeys, ServedReceipts, ServedRows } from '../ports/served-rows.port';
import type { AuditFinding, AuditFindingCode } from './audit-report';
import type { CustomerReplay } from './customer-replay';

/** Looked for at once: each time the whole index is read. */
const LOOKED_FOR_MAX = 262_144;

export class IndexAudit {
  private readonly keys: ServedKeys | undefined;
  private readonly receipts: ServedReceipts | undefined;
  private readonly deltasOfKeys: WantedDeltas;
  private readonly deltasOfReceipts: WantedDeltas;
  private readonly verified = new Map<CustomerReplay, VerifiedPlace>();
  /** The key index has the keys of all events up to here. */
  private through: Position = LOG_START;

  /** Without rows nothing is looked for. */
  constructor(rows: ServedRows | undefined) {
    this.keys = rows?.keys();
    this.receipts = rows?.receipts();
    this.deltasOfKeys = new WantedDeltas(this.keys);
    this.deltasOfReceipts = new WantedDeltas(this.receipts);
  }

  /** Rows of that position are served, and with them the key index. */
  serves(position: Position): void {
    if (position > this.through) this.through = position;
  }

  /** Takes the next event of a customer; what may not be in an index yet is left out. */
  take(event: RecordedEvent, replay: CustomerReplay): void {
    const delta = event.type === DELTA_EMITTED ? readDeltaText(event.data) : undefined;
    if (!this.keys || !delta) return;
    if (delta.keyHex !== undefined && event.position <= this.through) {
      this.keys.take(delta.keyHex, event.revision);
      this.deltasOfKeys.take(replay, delta);
    }
    const { no: customerNo, revision: verified } = this.placeOf(replay);
    const { revision } = event;
    if (revision > verified) return;
    this.receipts?.take(delta.receiptId, { customerNo, revision });
    this.deltasOfReceipts.take(replay, delta);
  }

  /** Looks for all that was taken. */
  look(): void {
    this.deltasOfKeys.look();
    this.deltasOfReceipts.look();
  }

  /** None when all that was looked for is there. */
  findingsOf(replay: CustomerReplay): readonly AuditFinding[] {
    const { identity: customer } = replay.customer;
    const findings: AuditFinding[] = [];
    const add = (code: AuditFindingCode, index: string, sequence: number | undefined): void => {
      if (sequence === undefined) return;
      const what = `the ${index} index does not have delta ${sequence}`;
      findings.push({ code, customer, sequence, what });
    };
    add('KEY_MISSING', 'key', this.deltasOfKeys.firstMissing(replay));
    add('RECEIPT_MISSING', 'receipt', this.deltasOfReceipts.firstMissing(replay));
    return findings;
  }

  /** What the verifier had kept of a customer when its first delta came by. */
  private placeOf(replay: CustomerReplay): VerifiedPlace {
    const known = this.verified.get(replay);
    if (known) return known;
    const { reference } = replay.customer.identity;
    const place = this.receipts?.verified(reference) ?? NOT_VERIFIED;
    this.verified.set(replay, place);
    return place;
  }
}

type VerifiedPlace = NonNullable<ReturnType<ServedReceipts['verified']>>;

const NOT_VERIFIED: VerifiedPlace = { no: 0, revision: -1 };

/** Deltas that an index is asked for, in the order in which it was. */
class WantedDeltas {
  private deltas: { readonly replay: CustomerReplay; readonly sequence: number }[] = [];
  /** Least sequence of a customer's deltas that are missing. */
  private readonly missing = new Map<CustomerReplay, number>();

  constructor(private readonly index: LookedFor | undefined) {}

  take(replay: CustomerReplay, { sequence }: DeltaText): void {
    this.deltas.push({ replay, sequence: Number(sequence) });
    if (this.deltas.length >= LOOKED_FOR_MAX) this.look();
  }

  look(): void {
    for (const number of this.index?.missing() ?? []) {
      const delta = this.deltas[number];
      if (!delta) continue;
      const known = this.missing.get(delta.replay) ?? Infinity;
      this.missing.set(delta.replay, Math.min(known, delta.sequence));
    }
    this.deltas = [];
  }

  firstMissing(replay: CustomerReplay): number | undefined {
    return this.missing.get(replay);
  }
}
