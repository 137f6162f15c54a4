// One seal log as an audit replays it: stored seals follow one another, and lead to every head that
// was stored as signed, and to the one kept beside the private key.
import {
  DELTAS_VERIFIED,
  parseSealEvent,
  sealLogOrigin,
  type DeltasVerified,
  type SealEvent,
  type SealScope,
} from '@deltabook/domain';
import {
  bytesEqual,
  hashLeaf,
  MerkleTree,
  noteVerifierKeys,
  openLogHead,
  parseLogHead,
  parseSignedNote,
  sealText,
  utf8,
  type KeyChain,
  type LogHead,
  type VerifierCrypto,
} from '@deltabook/integrity';
import { NO_STREAM, type RecordedEvent } from '../ports/event-store.port';
import type { SealedHead } from '../read-models/rows';

export interface SealLogAudit {
  readonly scope: SealScope;
  readonly crypto: VerifierCrypto;
  /** Signed note beside the private key; undefined where there is none. */
  readonly keptNote: string | undefined;
  /** Told of each stored tree head, in order. */
  readonly onHead: (reference: string, head: SealedHead) => void;
}

export class AuditedSealLog {
  readonly problems: string[] = [];
  private tree: MerkleTree;
  private readonly kept: LogHead | undefined;
  private revision = NO_STREAM;
  private newestNote: string | undefined;
  private newestHead: LogHead | undefined;

  constructor(private readonly parts: SealLogAudit) {
    this.tree = MerkleTree.empty(parts.crypto.sha256);
    this.kept = parts.keptNote === undefined ? undefined : this.headOf(parts.keptNote, 'kept');
  }

  get size(): number {
    return this.tree.size;
  }

  /** The newest head that is stored as signed; to be believed where there are no problems. */
  get signedHead(): LogHead | undefined {
    return this.newestHead;
  }

  /**
   * The same seal log for another audit, as far as it was read. Undefined when the head beside the
   * key is one that it has passed, or nothing is well: then it has to be read from its start.
   */
  continuedFor(parts: SealLogAudit): AuditedSealLog | undefined {
    const next = new AuditedSealLog(parts);
    next.tree = MerkleTree.restore(this.tree.state(), parts.crypto.sha256);
    next.revision = this.revision;
    next.newestNote = this.newestNote;
    next.newestHead = this.newestHead;
    const { kept, newestHead: newest } = next;
    const isKept = !kept || kept.size > next.size || isSame(kept, newest);
    return isKept && this.problems.length + next.problems.length === 0 ? next : undefined;
  }

  /** Looks at the next event of the stream; one that was seen is passed over. */
  take(recorded: RecordedEvent): void {
    const { revision } = recorded;
    if (revision <= this.revision) return;
    if (revision !== this.revision + 1) this.problem(`events before revision ${revision} are gone`);
    this.revision = revision;
    const event = readEvent(recorded);
    if (!event) this.problem(`revision ${revision} cannot be read`);
    else if (event.type === DELTAS_VERIFIED) this.takeSeals(event);
    else this.takeHead(event.size, event.note);
  }

  /** After the last event: the newest head is signed by a key of the chain. */
  end(chain: KeyChain): void {
    const { crypto, scope } = this.parts;
    if (this.kept && this.kept.size > this.size) {
      this.problem(`${this.kept.size} seals were signed and ${this.size} are stored`);
    }
    if (this.newestNote === undefined) return;
    const origin = sealLogOrigin(chain.installation, scope);
    const publicKeys = chain.keys.map(({ publicKey }) => publicKey);
    const keys = noteVerifierKeys(origin, publicKeys, crypto.sha256);
    const opened = openLogHead(this.newestNote, keys, crypto);
    if (!opened.ok) this.problem(`the newest signed head is refused: ${opened.reason}`);
  }

  private takeSeals({ firstIndex, sealedAt, heads }: DeltasVerified): void {
    const { onHead, crypto } = this.parts;
    if (firstIndex !== this.size) this.problem(`seal ${this.size} is not where it should be`);
    for (const [reference, size, root] of heads) {
      const text = sealText({ v: 1, reference, root, sealedAt, size: String(size) });
      this.tree.append(hashLeaf(utf8(text), crypto.sha256));
      onHead(reference, { size, root, sealedAt });
      if (this.kept?.size === this.size) this.compare(this.kept, 'beside the key');
    }
  }

  private takeHead(size: number, note: string): void {
    this.newestNote = note;
    const head = this.headOf(note, 'stored');
    this.newestHead = head;
    if (head?.size !== size || size !== this.size) {
      this.problem(`a signed head speaks of ${size} seals where ${this.size} are stored`);
    } else this.compare(head, 'in the log');
  }

  private compare(head: LogHead, place: string): void {
    if (bytesEqual(head.root, this.tree.root())) return;
    this.problem(`the first ${head.size} seals are not those of the signed head ${place}`);
  }

  private headOf(note: string, which: string): LogHead | undefined {
    const signed = parseSignedNote(note);
    const head = signed.ok ? parseLogHead(signed.value.text) : undefined;
    if (head?.ok) return head.value;
    this.problem(`the ${which} signed head cannot be read`);
    return undefined;
  }

  /** The first problem: whatever comes after it follows from it. */
  private problem(what: string): void {
    if (this.problems.length === 0) this.problems.push(what);
  }
}

const isSame = (kept: LogHead, newest: LogHead | undefined): boolean =>
  kept.size === newest?.size && bytesEqual(kept.root, newest.root);

function readEvent({ type, data }: RecordedEvent): SealEvent | undefined {
  try {
    return parseSealEvent(type, data);
  } catch {
    return undefined;
  }
}
