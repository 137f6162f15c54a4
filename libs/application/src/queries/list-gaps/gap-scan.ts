// Looks at a customer's deltas one after the other for numbers that are missing.
import { DELTA_EMITTED, readDeltaText } from '@deltabook/domain';
import type { EventStore, RecordedEvent } from '../../ports/event-store.port';
import type { SequenceRange } from './list-gaps.query';

/** Events that one request looks at, at most. */
export const GAP_EVENTS_MAX = 10_000;
/** Events of one read: few enough that other requests get their turn in between. */
const PAGE_COUNT = 500;

export interface ScannedGaps {
  readonly gaps: readonly SequenceRange[];
  readonly next: number | undefined;
}

/** The events of `stream` up to revision `end`, for gaps among the deltas of `range`. */
export async function scanGaps(
  store: Pick<EventStore, 'readStream'>,
  place: { readonly stream: string; readonly end: number },
  { range, limit: gapsMax }: { readonly range: SequenceRange; readonly limit: number },
): Promise<ScannedGaps> {
  const scan = new GapScan(range, gapsMax);
  let eventsLeft = GAP_EVENTS_MAX;
  // A delta lies behind the opening of the record and all deltas before it, never nearer.
  let next: number | undefined = range.first;
  while (next !== undefined && !scan.isDone && eventsLeft > 0) {
    const limit = Math.min(PAGE_COUNT, eventsLeft);
    next = await readPage(store, place, { scan, from: next, limit });
    eventsLeft -= limit;
  }
  if (next === undefined) scan.end();
  return scan.result();
}

/** Revision to go on from; undefined at the end of what is to be looked at. */
async function readPage(
  store: Pick<EventStore, 'readStream'>,
  { stream, end }: { readonly stream: string; readonly end: number },
  { scan, from, limit }: { readonly scan: GapScan; readonly from: number; readonly limit: number },
): Promise<number | undefined> {
  const count = Math.min(limit, end - from + 1);
  if (count < 1) return undefined;
  const page = await store.readStream(stream, { from, direction: 'forwards', limit: count });
  for (const event of page) scan.take(event);
  const last = page.at(-1);
  return last && page.length === count ? last.revision + 1 : undefined;
}

class GapScan {
  private readonly gaps: SequenceRange[] = [];
  private expected: number;

  constructor(
    private readonly range: SequenceRange,
    private readonly limit: number,
  ) {
    this.expected = range.first;
  }

  get isDone(): boolean {
    return this.expected > this.range.last || this.gaps.length >= this.limit;
  }

  take({ type, data }: RecordedEvent): void {
    if (this.isDone || type !== DELTA_EMITTED) return;
    // What is no delta in the form in which it was written is as good as gone.
    const sequence = Number(readDeltaText(data)?.sequence ?? 0);
    if (sequence < this.expected) return;
    this.missingUpTo(Math.min(sequence - 1, this.range.last));
    if (this.gaps.length < this.limit) this.expected = sequence + 1;
  }

  /** There are no more events: what was not seen is missing. */
  end(): void {
    if (!this.isDone) this.missingUpTo(this.range.last);
  }

  result(): ScannedGaps {
    const next = this.expected > this.range.last ? undefined : this.expected;
    return { gaps: this.gaps, next };
  }

  private missingUpTo(last: number): void {
    if (last < this.expected) return;
    this.gaps.push({ first: this.expected, last });
    this.expected = last + 1;
  }
}
