// What main and writer thread say to each other. Appends travel as flat arrays of texts,
// since cloning many small objects between threads would cost more than storing them.
import type { AppendOutcome, StreamAppend } from '@deltabook/application';

export interface AppendRequest {
  readonly id: number;
  readonly streams: readonly string[];
  readonly expectedRevisions: readonly number[];
  readonly eventCounts: readonly number[];
  /** type, data, metadata of each event, one after the other. */
  readonly texts: readonly string[];
}

const KINDS = ['appended', 'conflict', 'too-large', 'full'] as const;
export type WriterOutcomeKind = (typeof KINDS)[number];

export interface AppendReply {
  readonly id: number;
  /** Index into KINDS, then revision, then position; three numbers for each append. */
  readonly outcomes: readonly number[];
}

export function appendRequest(id: number, appends: readonly StreamAppend[]): AppendRequest {
  const streams: string[] = [];
  const expectedRevisions: number[] = [];
  const eventCounts: number[] = [];
  const texts: string[] = [];
  for (const { stream, expectedRevision, events } of appends) {
    streams.push(stream);
    expectedRevisions.push(expectedRevision);
    eventCounts.push(events.length);
    for (const { type, data, metadata } of events) texts.push(type, data, metadata);
  }
  return { id, streams, expectedRevisions, eventCounts, texts };
}

export function encodeOutcome(
  kind: WriterOutcomeKind,
  revision: number,
  position: number,
): number[] {
  return [KINDS.indexOf(kind), revision, position];
}

export function decodeOutcomes(outcomes: readonly number[]): AppendOutcome[] {
  const decoded: AppendOutcome[] = [];
  for (let i = 0; i < outcomes.length; i += 3) {
    const revision = outcomes[i + 1] ?? 0;
    switch (KINDS[outcomes[i] ?? 0]) {
      case 'appended':
        decoded.push({ kind: 'appended', revision, position: BigInt(outcomes[i + 2] ?? 0) });
        break;
      case 'conflict':
        decoded.push({ kind: 'conflict', actualRevision: revision });
        break;
      case 'full':
        decoded.push({ kind: 'full' });
        break;
      default:
        decoded.push({ kind: 'too-large' });
    }
  }
  return decoded;
}
