// Messages of one partition, fetched together: read, handed to the write path in pieces that do not
// wait for each other, and summed up as "everything before here is settled".
import {
  EmitDeltasCommand,
  isRefusedForNow,
  type DeltaSequence,
  type EmitOutcome,
  type SequencedDelta,
  type WriteRefusalCode,
} from '@deltabook/application';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DeadLetter } from '../dead-letters/dead-letter';
import type { InFlight } from './in-flight';
import {
  readMessage,
  type Coordinates,
  type PoisonCode,
  type RawMessage,
  type ReadDeltaBody,
} from './read-message';
import type { TopicBinding } from './topic-binding';

/** Runs EmitDeltas; never rejects for a refusal. */
export type EmitDeltas = (command: EmitDeltasCommand) => Promise<readonly EmitOutcome[]>;

export type FetchedMessage = RawMessage & { readonly offset: string };

export interface PartitionServices {
  readonly emitDeltas: EmitDeltas;
  readonly readBody: ReadDeltaBody;
  readonly inFlight: InFlight;
  readonly bodyBytesMax: number;
  /** Messages handed over in one turn of the event loop. */
  readonly handoverCountMax: number;
  readonly handoverBytesMax: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly onError: (message: string, fields: Readonly<Record<string, unknown>>) => void;
}

export interface PartitionPlace {
  readonly binding: TopicBinding;
  readonly partition: number;
  readonly cluster: string;
  readonly epoch: string;
}

/** What became of the messages, from the first one on. */
export interface Settled {
  /** So many are durable, repeats, or dead letters of this summary; later ones come again. */
  readonly count: number;
  /** By offset. */
  readonly letters: readonly DeadLetter[];
  readonly emittedCount: number;
  readonly repeatedCount: number;
  /** Why the message after them could not be taken now. */
  readonly heldBy: WriteRefusalCode | undefined;
}

export class PartitionBatch {
  private readonly letters: { readonly index: number; readonly letter: DeadLetter }[] = [];
  private handedOver = 0;
  private heldFrom = Number.POSITIVE_INFINITY;
  private heldBy: WriteRefusalCode | undefined;
  private emittedCount = 0;
  private repeatedCount = 0;
  private readonly underWay: Promise<void>[] = [];
  private stopped = false;

  /** `sequence` is the one of all batches of the partition that are under way. */
  constructor(
    private readonly messages: readonly FetchedMessage[],
    private readonly place: PartitionPlace,
    private readonly services: PartitionServices,
    private readonly sequence: DeltaSequence,
  ) {}

  get firstOffset(): string {
    return this.messages[0]?.offset ?? '0';
  }

  /** Hands nothing more over; what is under way is still waited for. */
  stop(): void {
    this.stopped = true;
  }

  /** Resolves, once everything is handed over, when all of that has its outcome. */
  async settle(): Promise<Settled> {
    await Promise.all(this.underWay);
    const count = Math.min(this.handedOver, this.heldFrom);
    const letters = this.letters.filter(({ index }) => index < count);
    letters.sort((a, b) => a.index - b.index);
    const { emittedCount, repeatedCount, heldBy } = this;
    return {
      count,
      letters: letters.map(({ letter }) => letter),
      emittedCount,
      repeatedCount,
      heldBy,
    };
  }

  /** Hands over piece by piece, in this partition's turn, without waiting for outcomes. */
  async handOver(): Promise<void> {
    const { inFlight } = this.services;
    const endTurn = await inFlight.takeTurn();
    try {
      while (this.handedOver < this.messages.length && !this.stopped && !this.sequence.isHolding) {
        const load = this.nextLoad();
        await inFlight.enter(load);
        const from = this.handedOver;
        this.handedOver += load.count;
        this.underWay.push(this.decide(from, this.handedOver).finally(() => inFlight.leave(load)));
        // Lets requests and commits have their turn of the event loop.
        await nextTurn();
      }
    } finally {
      endTurn();
    }
  }

  private nextLoad(): { readonly count: number; readonly byteCount: number } {
    const { handoverCountMax, handoverBytesMax } = this.services;
    const from = this.handedOver;
    let count = 0;
    let byteCount = 0;
    for (const { value } of this.messages.slice(from, from + handoverCountMax)) {
      const more = value?.length ?? 0;
      if (count > 0 && byteCount + more > handoverBytesMax) break;
      count += 1;
      byteCount += more;
    }
    return { count, byteCount };
  }

  private async decide(from: number, to: number): Promise<void> {
    const deltas: SequencedDelta[] = [];
    const indexes: number[] = [];
    const now = this.services.now();
    for (let index = from; index < to; index += 1) {
      const message = this.messages[index];
      if (!message) break;
      const read = this.read(message, now);
      if ('code' in read) {
        this.bury(index, read.code, read.detail);
      } else {
        deltas.push(read);
        indexes.push(index);
      }
    }
    if (deltas.length === 0) return;
    try {
      const command = new EmitDeltasCommand(deltas, this.sequence);
      const outcomes = await this.services.emitDeltas(command);
      outcomes.forEach((outcome, i) => this.note(indexes[i] ?? from, outcome));
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      const { topic } = this.place.binding;
      this.services.onError('deltas could not be decided', { topic, detail });
      const code = 'STORE_UNAVAILABLE';
      for (const { delta } of deltas) this.sequence.refused(delta.customerId, code, 0);
      this.hold(from, code);
    }
  }

  private read(message: FetchedMessage, now: number): ReturnType<typeof readMessage> {
    const { binding } = this.place;
    const { bodyBytesMax, readBody } = this.services;
    const coordinates = this.coordinatesOf(message);
    return readMessage(message, { binding, coordinates, bodyBytesMax, readBody, now });
  }

  private coordinatesOf({ offset }: FetchedMessage): Coordinates {
    const { binding, partition, cluster, epoch } = this.place;
    return { cluster, epoch, topic: binding.topic, partition, offset };
  }

  private note(index: number, outcome: EmitOutcome): void {
    if (outcome.kind !== 'refused') {
      if (outcome.kind === 'emitted') this.emittedCount += 1;
      else this.repeatedCount += 1;
      return;
    }
    if (isRefusedForNow(outcome.code)) this.hold(index, outcome.code);
    else this.bury(index, outcome.code, `refused: ${outcome.code}`);
  }

  private hold(index: number, code: WriteRefusalCode): void {
    if (index >= this.heldFrom) return;
    this.heldFrom = index;
    this.heldBy = code;
  }

  private bury(index: number, reason: PoisonCode | WriteRefusalCode, detail: string): void {
    const message = this.messages[index];
    if (!message) return;
    const { key, value, headers } = message;
    const letter: DeadLetter = {
      coordinates: this.coordinatesOf(message),
      reason,
      detail,
      refusedAt: this.services.now(),
      message: { key, value, headers },
    };
    this.letters.push({ index, letter });
  }
}
