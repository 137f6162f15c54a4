// All seal logs as an audit replays them, and the newest seal of each customer that it is about.
import {
  referenceHexOfStream,
  customerStream,
  DELTAS_VERIFIED,
  parseSealEvent,
  sealScopeOfStream,
  type DeltasVerified,
  type SealScope,
} from '@deltabook/domain';
import type { LogHead, Sha256Hex, VerifierCrypto } from '@deltabook/integrity';
import type { RecordedEvent } from '../ports/event-store.port';
import type { SealedHead } from '../read-models/rows';
import { keyChainOf } from '../verifying/signing-keys';
import type { RememberedSealLogs } from './remembered-histories';
import { SealLogReplay } from './seal-log-replay';

/** Streams that it is fed with. */
export const SEALED_STREAM_PREFIXES = ['seals-', 'installation'] as const;

export interface AuditedSealsParts {
  readonly crypto: VerifierCrypto;
  readonly sha256Hex: Sha256Hex;
  /** Signed note that is kept beside the private key, if there is one. */
  readonly keptNote: (scope: SealScope) => string | undefined;
  /** Whether the customer's newest seal is asked for, by the hex digits of its reference. */
  readonly wants: (referenceHex: string) => boolean;
  /** What may be gone on from. */
  readonly remembered: RememberedSealLogs;
}

export class AuditedSeals {
  private readonly replays = new Map<string, SealLogReplay>();
  private readonly installation: RecordedEvent[] = [];
  private readonly marked = new Map<string, SealedHead>();

  constructor(private readonly parts: AuditedSealsParts) {}

  get count(): number {
    return [...this.replays.values()].reduce((sum, { log }) => sum + log.size, 0);
  }

  /** True when what is remembered is of no use: all has to be looked at from the start. */
  get isDoubted(): boolean {
    return [...this.replays.values()].some(({ isDoubted }) => isDoubted);
  }

  /** Remembers the newest seal of each customer by now. */
  mark(): void {
    for (const { heads } of this.replays.values()) {
      for (const [referenceHex, head] of heads) this.marked.set(referenceHex, head);
    }
  }

  /** What was the newest seal of a customer when that was marked. */
  markedHead(referenceHex: string): SealedHead | undefined {
    return this.marked.get(referenceHex);
  }

  take(event: RecordedEvent): void {
    const scope = sealScopeOfStream(event.stream);
    if (!scope) this.installation.push(event);
    else this.replayOf(event.stream, scope).take(event);
  }

  /** After the last event: what is wrong, by the stream of the seal log. */
  end(): ReadonlyMap<string, readonly string[]> {
    const chain = keyChainOf(this.installation);
    const problems = new Map<string, readonly string[]>();
    for (const [stream, replay] of this.replays) {
      const { log } = replay;
      log.end(chain);
      if (log.problems.length === 0) continue;
      problems.set(stream, log.problems);
      // Of a seal log that is not what was signed no customer's history is accused.
      replay.forgetHeads();
    }
    return problems;
  }

  /** What another audit may go on from, after an end without problems. */
  toRemember(): RememberedSealLogs {
    return new Map([...this.replays].map(([stream, replay]) => [stream, replay.toRemember()]));
  }

  /** Newest signed head of each seal log that has no problems. */
  get signedHeads(): ReadonlyMap<string, LogHead> {
    const signed = new Map<string, LogHead>();
    for (const [stream, { log }] of this.replays) {
      const head = log.problems.length === 0 ? log.signedHead : undefined;
      if (head) signed.set(stream, head);
    }
    return signed;
  }

  /** Newest seal of a customer. */
  headOf(referenceHex: string): SealedHead | undefined {
    for (const { heads } of this.replays.values()) {
      const head = heads.get(referenceHex);
      if (head) return head;
    }
    return undefined;
  }

  private replayOf(stream: string, scope: SealScope): SealLogReplay {
    const known = this.replays.get(stream);
    if (known) return known;
    const { crypto, sha256Hex, keptNote, wants, remembered } = this.parts;
    const made = new SealLogReplay({
      ...{ scope, crypto, sha256Hex, keptNote: keptNote(scope) },
      remembered: remembered.get(stream),
      wanted: (reference) => {
        const referenceHex = referenceHexOfStream(customerStream(reference)) ?? '';
        return wants(referenceHex) ? referenceHex : undefined;
      },
    });
    this.replays.set(stream, made);
    return made;
  }
}

/** Undefined where the event cannot be read: that is the seal log's own problem. */
export function deltasVerified({ type, data }: RecordedEvent): DeltasVerified | undefined {
  if (type !== DELTAS_VERIFIED) return undefined;
  try {
    return parseSealEvent(type, data) as DeltasVerified;
  } catch {
    return undefined;
  }
}
