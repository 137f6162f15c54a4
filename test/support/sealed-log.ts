// A small seal log in memory: customers' histories as the domain writes them, their trees, seals,
// and heads signed with a key made from a seed, so that every run gives the same bytes.
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import {
  ABSENT,
  decideEmitDelta,
  NANO_PER_UNIT,
  parseCustomerEvent,
  type Customer,
  type DeltaEmitted,
} from '@deltabook/domain';
import {
  bytesOfHex,
  canonicalJson,
  hashLeaf,
  hexOf,
  logHeadText,
  MerkleTree,
  noteVerifierKey,
  proveReceipt,
  sealText,
  signedNoteText,
  utf8,
  type Json,
  type NoteVerifierKey,
  type ReadNode,
  type Receipt,
  type ReceiptDelta,
  type ReceiptPeriod,
  type Seal,
  type VerifierCrypto,
} from '@deltabook/integrity';

const SPKI_PREFIX = bytesOfHex('302a300506032b6570032100') ?? new Uint8Array(0);
const PKCS8_PREFIX = bytesOfHex('302e020100300506032b657004220420') ?? new Uint8Array(0);

export const sha256 = (bytes: Uint8Array): Uint8Array =>
  createHash('sha256').update(bytes).digest();
export const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');

export const nodeCrypto: VerifierCrypto = {
  sha256,
  verifyEd25519: (publicKey, message, signature) => {
    const key = Buffer.concat([SPKI_PREFIX, publicKey]);
    return verify(null, message, createPublicKey({ key, format: 'der', type: 'spki' }), signature);
  },
};

/** A key pair from a seed text. */
export class Signer {
  readonly publicKey: Uint8Array;
  private readonly privateKey: KeyObject;

  constructor(seed: string) {
    const key = Buffer.concat([PKCS8_PREFIX, sha256(utf8(seed))]);
    this.privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
    const spki = createPublicKey(this.privateKey).export({ format: 'der', type: 'spki' });
    this.publicKey = spki.subarray(SPKI_PREFIX.length);
  }

  sign(message: Uint8Array): Uint8Array {
    return sign(null, message, this.privateKey);
  }

  verifierKey(origin: string): NoteVerifierKey {
    return noteVerifierKey(origin, this.publicKey, sha256);
  }

  note(origin: string, text: string): string {
    const signature = this.sign(utf8(text));
    return signedNoteText({ text, signatures: [{ ...this.verifierKey(origin), signature }] });
  }
}

/** A tree whose nodes can be read. */
export class StoredTree {
  private readonly nodes = new Map<string, Uint8Array>();
  private readonly tree = MerkleTree.empty(sha256);
  readonly readNode: ReadNode = (level, index) => {
    const hash = this.nodes.get(`${level}/${index}`);
    if (!hash) throw new RangeError(`no node ${level}/${index}`);
    return hash;
  };

  append(leafHash: Uint8Array): void {
    this.tree.append(leafHash, (level, index, hash) => this.nodes.set(`${level}/${index}`, hash));
  }

  get size(): number {
    return this.tree.size;
  }

  root(): Uint8Array {
    return this.tree.root();
  }
}

/** One customer: events as they are stored, and the tree over their leaves. */
export class History {
  readonly stored: string[] = [];
  readonly events: DeltaEmitted[] = [];
  readonly tree = new StoredTree();
  private customer: Customer = ABSENT;

  constructor(
    readonly customerId: string,
    readonly reference: string,
  ) {}

  emit(amount: number, recordedAt: string, content: Record<string, unknown> = {}): this {
    const salt = sha256Hex(`salt ${this.customerId} ${this.events.length}`).slice(0, 32);
    const command = {
      customerId: this.customerId,
      nano: BigInt(amount) * NANO_PER_UNIT,
      reason: `reason ${this.events.length + 1}`,
      now: Date.parse(recordedAt),
      salt,
      ...content,
    };
    const decision = decideEmitDelta(command, this.customer, {
      identity: {
        tenant: 'default',
        environment: 'sandbox',
        customerId: this.customerId,
        reference: this.reference,
      },
      earlier: undefined,
      sha256Hex,
    });
    if (decision.kind !== 'emitted') throw new Error(`not emitted: ${decision.kind}`);
    this.customer = decision.customer;
    const { type, data } = decision.events.at(-1) ?? { type: '', data: '' };
    const event = parseCustomerEvent(type, data);
    if (event.type !== 'DeltaEmitted') throw new Error('no delta');
    this.stored.push(data);
    this.events.push(event);
    this.tree.append(bytesOfHex(event.receiptId.slice(2)) ?? new Uint8Array(0));
    return this;
  }

  seal(sealedAt: string): Seal {
    const { size } = this.tree;
    const root = `0x${hexOf(this.tree.root())}`;
    return { v: 1, reference: this.reference, root, sealedAt, size: String(size) };
  }

  /** Deltas number `from` to `to` (1-based, both included) as a receipt has them. */
  deltas(from: number, to: number, withPrivate = false): ReceiptDelta[] {
    return this.events.slice(from - 1, to).map((event) => ({
      leaf: event.leaf,
      ...(withPrivate ? { private: canonicalJson(event.private as unknown as Json) } : {}),
    }));
  }
}

/** The log of seals, signed by one key under one name. */
export class SealLog {
  readonly seals: Seal[] = [];
  readonly tree = new StoredTree();

  constructor(
    readonly origin: string,
    readonly signer: Signer,
  ) {}

  append(seal: Seal): number {
    this.tree.append(hashLeaf(utf8(sealText(seal)), sha256));
    return this.seals.push(seal) - 1;
  }

  head(): string {
    const head = { origin: this.origin, size: this.tree.size, root: this.tree.root() };
    return this.signer.note(this.origin, logHeadText(head));
  }

  /** Receipt of these deltas under the seal with that index and the log's present head. */
  receipt(
    history: History,
    index: number,
    deltas: readonly ReceiptDelta[],
    period?: ReceiptPeriod,
  ): Receipt {
    const seal = this.seals[index];
    if (!seal) throw new RangeError(`no seal ${index}`);
    const { readNode } = this.tree;
    const sealLog = { readNode, index, size: this.tree.size, logHead: this.head() };
    const content = { seal, deltas, ...(period ? { period } : {}) };
    return proveReceipt(content, { customerTree: history.tree.readNode, sealLog }, sha256);
  }

  get keys(): NoteVerifierKey[] {
    return [this.signer.verifierKey(this.origin)];
  }
}

export const ORIGIN = 'deltabook.example/default-sandbox';

export interface SmallWorld {
  readonly log: SealLog;
  readonly alice: History;
  /** Seal of all of Alice's seven deltas. */
  readonly aliceSeal: number;
  readonly bob: History;
}

/** Two customers with deltas from December to March, sealed twice each. */
export function smallWorld(origin = ORIGIN, seed = 'deltabook test key 1'): SmallWorld {
  const log = new SealLog(origin, new Signer(seed));
  const alice = new History('alice', '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359');
  const bob = new History('bob', '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb');
  alice.emit(500, '2025-12-31T23:59:59.999Z');
  bob.emit(10, '2026-01-05T00:00:00.000Z');
  log.append(alice.seal('2026-01-05T00:00:01.000Z'));
  log.append(bob.seal('2026-01-05T00:00:01.000Z'));
  alice.emit(-50, '2026-01-01T00:00:00.000Z', { referenceId: 'inv-1', metadata: { n: [1, null] } });
  alice.emit(25, '2026-01-15T08:30:00.000Z', { reason: 'été "x"\n' });
  alice.emit(-475, '2026-01-31T23:59:59.999Z', { occurredAt: '2026-01-30T00:00:00.000Z' });
  alice.emit(1, '2026-02-01T00:00:00.000Z');
  bob.emit(-3, '2026-02-02T00:00:00.000Z');
  alice.emit(2, '2026-02-20T00:00:00.000Z');
  alice.emit(3, '2026-03-02T00:00:00.000Z');
  const aliceSeal = log.append(alice.seal('2026-03-02T00:00:01.000Z'));
  log.append(bob.seal('2026-03-02T00:00:01.000Z'));
  return { log, alice, aliceSeal, bob };
}

export const JANUARY: ReceiptPeriod = {
  from: '2026-01-01T00:00:00.000Z',
  to: '2026-02-01T00:00:00.000Z',
};
