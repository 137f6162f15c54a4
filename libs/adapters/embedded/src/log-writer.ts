// The only writer of log.db: one transaction, and so one fsync, for each group of appends.
import { APPEND_BYTES_MAX } from '@deltabook/application/threads';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import {
  encodeOutcome,
  type AppendReply,
  type AppendRequest,
  type WriterOutcomeKind,
} from './append-messages';
import { isFull } from './full-disk';
import type { SharedPositions } from './shared-positions';
import type { StreamHeads } from './stream-heads';

const TEXTS_PER_EVENT = 3;
/** UTF-8 bytes that one UTF-16 code unit can take. */
const BYTES_PER_CODE_UNIT_MAX = 3;
/** How long one wait for the stream index lasts before it is checked again. */
const INDEX_WAIT_MS = 1_000;

export interface LogWriterParts {
  readonly database: DatabaseSyncInstance;
  readonly heads: StreamHeads;
  readonly positions: SharedPositions;
  readonly unindexedEventsMax: number;
  /** Makes the transaction durable; returns only once it is. */
  readonly commit: (database: DatabaseSyncInstance) => void;
  /** Positions of stored revisions of a stream, for repeats. */
  readonly findPosition: (stream: string, revision: number) => number | undefined;
}

/** One append of a request, with where its events' texts start. */
interface Append {
  readonly stream: string;
  readonly expectedRevision: number;
  readonly eventCount: number;
  readonly firstText: number;
}

export class LogWriter {
  private readonly insert: StatementSyncInstance;
  private readonly select: StatementSyncInstance;
  private last: number;

  constructor(private readonly parts: LogWriterParts) {
    this.insert = parts.database.prepare('INSERT INTO log VALUES (?, ?, ?, ?, ?, ?)');
    this.select = parts.database.prepare(
      'SELECT type, data, metadata FROM log WHERE position = ? AND stream = ? AND revision = ?',
    );
    this.last = parts.positions.committed;
  }

  /** Stores what can be stored; throws only when the log can no longer be trusted to be durable. */
  write(request: AppendRequest): AppendReply {
    this.waitForIndex();
    const { database, commit, positions } = this.parts;
    const before = this.last;
    try {
      database.exec('BEGIN IMMEDIATE');
      const outcomes = this.appendAll(request);
      commit(database);
      this.parts.heads.commit();
      positions.committed = this.last;
      return { id: request.id, outcomes };
    } catch (error) {
      this.last = before;
      this.parts.heads.rollback();
      if (!isFull(error)) throw error;
      // SQLite may have rolled back by itself when the disk was full.
      if (database.isTransaction) database.exec('ROLLBACK');
      const outcomes = request.streams.flatMap(() => encodeOutcome('full', 0, 0));
      return { id: request.id, outcomes };
    }
  }

  /** Holds appends back while the index is too far behind: its tail is held in memory. */
  private waitForIndex(): void {
    const { positions, unindexedEventsMax } = this.parts;
    for (;;) {
      const { indexed } = positions;
      if (this.last - indexed < unindexedEventsMax) return;
      positions.blockWhileIndexed(indexed, INDEX_WAIT_MS);
    }
  }

  private appendAll(request: AppendRequest): number[] {
    const outcomes: number[] = [];
    let firstText = 0;
    for (let i = 0; i < request.streams.length; i += 1) {
      const eventCount = request.eventCounts[i] ?? 0;
      const append = {
        stream: request.streams[i] ?? '',
        expectedRevision: request.expectedRevisions[i] ?? 0,
        eventCount,
        firstText,
      };
      firstText += eventCount * TEXTS_PER_EVENT;
      for (const number of this.append(append, request.texts)) outcomes.push(number);
    }
    return outcomes;
  }

  private append(append: Append, texts: readonly string[]): number[] {
    const { stream, expectedRevision, eventCount, firstText } = append;
    if (isTooLarge(texts, firstText, eventCount)) return encodeOutcome('too-large', 0, 0);
    const head = this.parts.heads.of(stream);
    if (head !== expectedRevision) return this.repeatOrConflict(append, texts, head);
    let revision = expectedRevision;
    for (let i = 0; i < eventCount; i += 1) {
      const text = firstText + i * TEXTS_PER_EVENT;
      revision += 1;
      this.last += 1;
      this.insert.run(
        this.last,
        stream,
        revision,
        texts[text] ?? '',
        texts[text + 1] ?? '',
        texts[text + 2] ?? '',
      );
    }
    this.parts.heads.set(stream, revision, this.last);
    return encodeOutcome('appended', revision, this.last);
  }

  /** The same events at the same revisions are the same append, answered as the first time. */
  private repeatOrConflict(append: Append, texts: readonly string[], head: number): number[] {
    const { stream, expectedRevision, eventCount, firstText } = append;
    const conflict = encodeOutcome('conflict', head, 0);
    if (head < expectedRevision + eventCount) return conflict;
    let position: number | undefined = 0;
    for (let i = 0; i < eventCount; i += 1) {
      const text = firstText + i * TEXTS_PER_EVENT;
      position = this.positionOfSame(stream, expectedRevision + 1 + i, texts.slice(text, text + 3));
      if (position === undefined) return conflict;
    }
    const kind: WriterOutcomeKind = 'appended';
    return encodeOutcome(kind, expectedRevision + eventCount, position);
  }

  /** Position of a stored event, if it has exactly these texts. */
  private positionOfSame(
    stream: string,
    revision: number,
    [type, data, metadata]: readonly string[],
  ): number | undefined {
    const position = this.parts.findPosition(stream, revision);
    if (position === undefined) return undefined;
    const stored = this.select.get(position, stream, revision) as StoredTexts | undefined;
    const same = stored?.type === type && stored?.data === data && stored?.metadata === metadata;
    return same ? position : undefined;
  }
}

interface StoredTexts {
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

function isTooLarge(texts: readonly string[], firstText: number, eventCount: number): boolean {
  const end = firstText + eventCount * TEXTS_PER_EVENT;
  let codeUnits = 0;
  for (let i = firstText; i < end; i += 1) codeUnits += texts[i]?.length ?? 0;
  if (codeUnits * BYTES_PER_CODE_UNIT_MAX <= APPEND_BYTES_MAX) return false;
  let byteCount = 0;
  for (let i = firstText; i < end; i += 1) byteCount += Buffer.byteLength(texts[i] ?? '');
  return byteCount > APPEND_BYTES_MAX;
}
