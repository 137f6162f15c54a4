// A seal that covers a delta: when it was made, and the entry of the seal log that says so. The
// first one is searched for in the seals' own stream, whose times hardly ever step back; the newest
// one is in the customer's row.
import {
  DELTAS_VERIFIED,
  parseSealEvent,
  sealStream,
  type DeltasVerified,
  type SealScope,
} from '@deltabook/domain';
import { hashLeaf, hexOf, sealText, utf8, type Seal, type Sha256 } from '@deltabook/integrity';
import type { EventStore, RecordedEvent } from '../ports/event-store.port';
import type { CustomerRow } from '../read-models/rows';

/** Events looked at from the first that can be it: a few rounds of the verifier. */
const EVENTS_MAX = 64;
const PAGE_COUNT = 4;
/** Events from the end in which it is looked for first. */
const NEAR_END_COUNT = 4;
const SEALED_AT = /^\{"v":1,"firstIndex":\d+,"sealedAt":"([^"]{24})"/;

type Store = Pick<EventStore, 'readStream'>;

export interface CoveringSeal {
  readonly sealedAt: string;
  /** Leaf hash of the seal in the seal log, `0x` + 64 hex. */
  readonly sealHash: string;
}

export interface SealedDelta {
  readonly scope: SealScope;
  readonly reference: string;
  readonly sequence: number;
  readonly recordedAt: string;
}

/** The seal of all deltas of a customer that are verified; undefined while none is. */
export function newestSeal(
  { reference, verifiedDeltas, sealedAt, sealedRoot: root }: CustomerRow,
  sha256: Sha256,
): CoveringSeal | undefined {
  if (sealedAt === null || root === null) return undefined;
  return coveringSealOf({ v: 1, reference, root, sealedAt, size: String(verifiedDeltas) }, sha256);
}

/** The first one. Undefined when it is not found near the time at which the delta was recorded. */
export async function coveringSeal(
  store: Store,
  delta: SealedDelta,
  sha256: Sha256,
): Promise<CoveringSeal | undefined> {
  const stream = sealStream(delta.scope);
  let from = await firstSealedFrom(store, stream, delta.recordedAt);
  for (let seen = 0; from !== undefined && seen < EVENTS_MAX; seen += PAGE_COUNT) {
    const range = { from, direction: 'forwards', limit: PAGE_COUNT } as const;
    const page = await store.readStream(stream, range);
    for (const event of page) {
      const seal = sealIn(event, delta);
      if (seal) return coveringSealOf(seal, sha256);
    }
    from = page.length < PAGE_COUNT ? undefined : from + PAGE_COUNT;
  }
  return undefined;
}

function coveringSealOf(seal: Seal, sha256: Sha256): CoveringSeal {
  const sealHash = `0x${hexOf(hashLeaf(utf8(sealText(seal)), sha256))}`;
  return { sealedAt: seal.sealedAt, sealHash };
}

function sealIn({ type, data }: RecordedEvent, delta: SealedDelta): Seal | undefined {
  const { reference, sequence } = delta;
  // Most events of a busy log are of others: looking costs less than parsing.
  if (type !== DELTAS_VERIFIED || !data.includes(reference)) return undefined;
  const { heads, sealedAt } = parseSealEvent(type, data) as DeltasVerified;
  const head = heads.find(([of, size]) => of === reference && size >= sequence);
  if (!head) return undefined;
  return { v: 1, reference, root: head[2], sealedAt, size: String(head[1]) };
}

/**
 * Revision of the first event of the seals that was made at `time` or later, found from the end:
 * mostly what was verified just now is asked for. Undefined when there is none.
 */
async function firstSealedFrom(
  store: Store,
  stream: string,
  time: string,
): Promise<number | undefined> {
  const [last] = await store.readStream(stream, { from: 'end', direction: 'backwards', limit: 1 });
  if (!last) return undefined;
  let high = last.revision + 1;
  let low = Math.max(0, high - NEAR_END_COUNT);
  while (low > 0 && (await isSealedFrom(store, stream, { at: low, end: high, time }))) {
    [low, high] = [Math.max(0, low - 4 * (high - low)), low];
  }
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (await isSealedFrom(store, stream, { at: middle, end: high, time })) high = middle;
    else low = middle + 1;
  }
  return low > last.revision ? undefined : low;
}

/** True when the first sealing at or after a revision was made at `time` or later. */
async function isSealedFrom(
  store: Store,
  stream: string,
  { at, end, time }: { readonly at: number; readonly end: number; readonly time: string },
): Promise<boolean> {
  const range = { from: at, direction: 'forwards', limit: 2 } as const;
  const page = at < end ? await store.readStream(stream, range) : [];
  const sealing = page.find(({ type }) => type === DELTAS_VERIFIED);
  const sealedAt = sealing && SEALED_AT.exec(sealing.data)?.[1];
  return sealedAt === undefined || sealedAt >= time;
}
