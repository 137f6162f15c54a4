// Walks a customer's stream and collects deltas: pages of activity and of derive come from here.
import type { EventStore, Position, RecordedEvent } from '../ports/event-store.port';
import { deltaViewOf, type DeltaOwner, type DeltaView } from './delta-view';

/** Events one walk reads at most; where it stops it says from where to go on. */
export const WALK_EVENTS_MAX = 10_000;
/** Events of one read while filtering: few enough that other requests get their turn in between. */
const FILTER_CHUNK_COUNT = 500;
/** Events of one read otherwise, at least: deltas with a few other events between them. */
const CHUNK_COUNT_MIN = 16;

export interface Walk {
  readonly stream: string;
  readonly owner: DeltaOwner;
  readonly direction: 'forwards' | 'backwards';
  /** Revisions of the first and the last event to look at. */
  readonly from: number;
  readonly to: number;
  /** Deltas wanted, at most. */
  readonly countMax: number;
  /** All deltas when undefined. */
  readonly accepts?: ((delta: DeltaView) => boolean) | undefined;
}

export interface Walked {
  readonly deltas: readonly DeltaView[];
  /** Revision at which the next walk goes on; undefined when everything was looked at. */
  readonly next: number | undefined;
  /** Greatest position and revision among the events read; undefined when none was. */
  readonly last: { readonly position: Position; readonly revision: number } | undefined;
}

/** Reads at most WALK_EVENTS_MAX events, in pieces, and collects the deltas among them. */
export async function walkDeltas(
  store: Pick<EventStore, 'readStream'>,
  walk: Walk,
): Promise<Walked> {
  const { countMax } = walk;
  const step = walk.direction === 'forwards' ? 1 : -1;
  const deltas: DeltaView[] = [];
  let last: RecordedEvent | undefined;
  let next = walk.from;
  let eventsLeft = WALK_EVENTS_MAX;
  let revisionsLeft = (walk.to - walk.from) * step + 1;
  while (deltas.length < countMax && eventsLeft > 0 && revisionsLeft > 0) {
    const chunk = chunkCount(walk, countMax - deltas.length);
    const limit = Math.min(chunk, eventsLeft, revisionsLeft);
    const range = { from: next, direction: walk.direction, limit };
    const page = await store.readStream(walk.stream, range);
    const taken = takeDeltas(page, walk, deltas);
    last = newer(last, step > 0 ? page.at(-1) : page[0]);
    next += step * taken;
    eventsLeft -= page.length;
    revisionsLeft = page.length < limit ? 0 : revisionsLeft - taken;
  }
  return { deltas, next: revisionsLeft > 0 ? next : undefined, last };
}

function chunkCount(walk: Walk, wanted: number): number {
  return walk.accepts ? FILTER_CHUNK_COUNT : Math.max(wanted, CHUNK_COUNT_MIN);
}

function newer(
  a: RecordedEvent | undefined,
  b: RecordedEvent | undefined,
): RecordedEvent | undefined {
  return a && (!b || a.revision >= b.revision) ? a : b;
}

/** Adds a page's accepted deltas up to the wanted number; gives how many events it looked at. */
function takeDeltas(page: readonly RecordedEvent[], walk: Walk, deltas: DeltaView[]): number {
  let taken = 0;
  for (const recorded of page) {
    if (deltas.length >= walk.countMax) break;
    taken += 1;
    const delta = deltaViewOf(recorded, walk.owner);
    if (delta && (walk.accepts?.(delta) ?? true)) deltas.push(delta);
  }
  return taken;
}
