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
import type { VerifierCrypto } from '@deltabook/integrity';
import type { RecordedEvent } from '../ports/event-store.port';
import { keyChainOf } from '../verifying/signing-keys';
import type { SealedHead } from './audited-state';
import { AuditedSealLog } from './audited-seal-log';

/** Streams that it is fed with. */
export const SEALED_STREAM_PREFIXES = ['seals-', 'installation'] as const;

export interface AuditedSealsParts {
  readonly crypto: VerifierCrypto;
  /** Signed note that is kept beside the private key, if there is one. */
  readonly keptNote: (scope: SealScope) => string | undefined;
  /** Whether the customer's newest seal is asked for, by the hex digits of its reference. */
  readonly wants: (referenceHex: string) => boolean;
}

interface Scoped {
  readonly log: AuditedSealLog;
  readonly heads: Map<string, SealedHead>;
}

export class AuditedSeals {
  private readonly scopes = new Map<string, Scoped>();
  private readonly installation: RecordedEvent[] = [];
  private readonly marked = new Map<string, number>();

  constructor(private readonly parts: AuditedSealsParts) {}

  get count(): number {
    return [...this.scopes.values()].reduce((sum, { log }) => sum + log.size, 0);
  }

  /** Remembers how much of each customer is sealed by now. */
  mark(): void {
    for (const { heads } of this.scopes.values()) {
      for (const [referenceHex, { size }] of heads) this.marked.set(referenceHex, size);
    }
  }

  /** Deltas of a customer that were sealed when that was marked. */
  markedSize(referenceHex: string): number {
    return this.marked.get(referenceHex) ?? 0;
  }

  take(event: RecordedEvent): void {
    const scope = sealScopeOfStream(event.stream);
    if (!scope) this.installation.push(event);
    else this.scoped(event.stream, scope).log.take(event);
  }

  /** After the last event: what is wrong, by the stream of the seal log. */
  end(): ReadonlyMap<string, readonly string[]> {
    const chain = keyChainOf(this.installation);
    const problems = new Map<string, readonly string[]>();
    for (const [stream, { log, heads }] of this.scopes) {
      log.end(chain);
      if (log.problems.length === 0) continue;
      problems.set(stream, log.problems);
      // Of a seal log that is not what was signed no customer's history is accused.
      heads.clear();
    }
    return problems;
  }

  /** Newest seal of a customer. */
  headOf(referenceHex: string): SealedHead | undefined {
    for (const { heads } of this.scopes.values()) {
      const head = heads.get(referenceHex);
      if (head) return head;
    }
    return undefined;
  }

  private scoped(stream: string, scope: SealScope): Scoped {
    const known = this.scopes.get(stream);
    if (known) return known;
    const { crypto, keptNote, wants } = this.parts;
    const heads = new Map<string, SealedHead>();
    const onHead = (reference: string, size: number, root: string): void => {
      const referenceHex = referenceHexOfStream(customerStream(reference)) ?? '';
      if (wants(referenceHex)) heads.set(referenceHex, { size, root });
    };
    const log = new AuditedSealLog({ scope, crypto, keptNote: keptNote(scope), onHead });
    const made = { log, heads };
    this.scopes.set(stream, made);
    return made;
  }
}

/** Nothing where the event cannot be read: that is the seal log's own problem. */
export function headsOf({ type, data }: RecordedEvent): DeltasVerified['heads'] {
  if (type !== DELTAS_VERIFIED) return [];
  try {
    const event = parseSealEvent(type, data);
    return event.type === DELTAS_VERIFIED ? event.heads : [];
  } catch {
    return [];
  }
}
