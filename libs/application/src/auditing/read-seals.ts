// Reads all seal logs for an audit: as an earlier one has left them where they are still the same,
// else from the start.
import type { Position, RecordedEvent } from '../ports/event-store.port';
import type { AuditParts } from './audit-parts';
import type { AuditFinding } from './audit-report';
import { AuditedSeals, SEALED_STREAM_PREFIXES } from './audited-seals';
import type { LogReplay } from './log-replay';
import type { RememberedSealLogs } from './remembered-histories';

export interface SealsToRead {
  /** What is sealed by then is marked; then it is read on to the end of the log. */
  readonly markAt: Position;
  readonly wants: (referenceHex: string) => boolean;
  readonly replayOf: (
    streamPrefixes: readonly string[],
    take: (event: RecordedEvent) => void,
  ) => LogReplay;
}

export interface SealsRead {
  readonly seals: AuditedSeals;
  /** What is wrong, by the stream of the seal log. */
  readonly broken: ReadonlyMap<string, readonly string[]>;
}

export async function readSeals(parts: AuditParts, asked: SealsToRead): Promise<SealsRead> {
  const gone = await readOnce(parts, asked, parts.remembered.sealLogs);
  return gone.seals.isDoubted ? readOnce(parts, asked, new Map()) : gone;
}

/** What is wrong with seal logs, as an audit tells it. */
export function failingSealLogs({ broken }: SealsRead): readonly AuditFinding[] {
  return [...broken].map(([stream, problems]) => ({
    code: 'SEAL_LOG_FAILS',
    what: `${stream}: ${problems.join('; ')}`,
  }));
}

async function readOnce(
  { crypto, hashes, keptNote, log }: AuditParts,
  { markAt, wants, replayOf }: SealsToRead,
  remembered: RememberedSealLogs,
): Promise<SealsRead> {
  const { sha256Hex } = hashes;
  const seals = new AuditedSeals({ crypto, sha256Hex, keptNote, wants, remembered });
  const replay = replayOf(SEALED_STREAM_PREFIXES, (event) => seals.take(event));
  await replay.advance(markAt);
  if (seals.isDoubted) return { seals, broken: new Map() };
  seals.mark();
  // What was signed since, while the head beside the key was read, is stored by now.
  await replay.advance(await log.head());
  return { seals, broken: seals.end() };
}
