// What the conformance suite of event stores is written in: streams, events and appends.
import {
  type AppendOutcome,
  type NewEvent,
  type Position,
  type StreamAppend,
} from '@deltabook/application';

let streamCount = 0;
/** Names are unique over runs, since a server may be shared. */
export const aStream = (category = 'customer'): string => {
  streamCount += 1;
  return `${category}-${process.pid}x${Math.floor(performance.timeOrigin)}x${streamCount}`;
};
export const anEvent = (n: number, pad = ''): NewEvent => ({
  type: 'DeltaEmitted',
  data: JSON.stringify({ v: 1, n, text: `"quoted" \\ é 💶 ${pad}` }),
  metadata: JSON.stringify({ correlationId: `c${n}`, door: 'http' }),
});
export const append = (
  stream: string,
  expectedRevision: number,
  ...events: readonly NewEvent[]
): StreamAppend => ({ stream, expectedRevision, events });
export const forwards = { from: 0, direction: 'forwards', limit: 1_000 } as const;

export function positionOf(outcome: AppendOutcome | undefined): Position {
  if (outcome?.kind !== 'appended') throw new Error(`not appended: ${outcome?.kind}`);
  return outcome.position;
}
