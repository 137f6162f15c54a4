// The read store on SQLite: one file of read models is served, another may grow beside it and take
// its place once it has seen as much. The main thread only asks and is told; it never touches a
// disk.
import {
  LOG_START,
  type CheckpointPage,
  type CheckpointPageRequest,
  type CheckpointRow,
  type CustomerPage,
  type CustomerPageRequest,
  type CustomerRow,
  type KeyCandidate,
  type Position,
  type ProjectionProblem,
  type ProjectionProgress,
  type ReadStore,
  type RecordedEvent,
  type ScopeTotals,
  type VerificationReads,
} from '@deltabook/application/threads';
import { mkdirSync, statSync } from 'node:fs';
import { chooseReadModels, type ReadModelChoice } from './choose-read-models';
import { customerPage } from './listed-page';
import { PositionWaiters } from './position-waiters';
import { ReadModel } from './read-model';
import type { QuestionName, Questions } from './query-messages';
import { readModelFile } from './read-model-file';
import { SQLITE_DEFAULTS, type SqliteReadStoreOptions } from './sqlite-options';
import { SqliteVerificationReads } from './sqlite-verification-reads';

type Needed = 'dataDir' | 'storeId' | 'projectorEntry' | 'logSource';
type GivenOptions = Pick<SqliteReadStoreOptions, Needed> & Partial<SqliteReadStoreOptions>;

/** The rows that were served are damaged; others are being built. */
export class RowsLostError extends Error {
  readonly code = 'PROJECTION_BUILDING';
}

export class SqliteReadStore implements ReadStore {
  /** Of what the verifier keeps in the same folder, answered by the query thread too. */
  readonly verification: VerificationReads = new SqliteVerificationReads((name, asks) =>
    this.ask(name, asks),
  );
  private serving: ReadModel;
  /** Grows beside, until it takes the other's place. */
  private next: ReadModel | undefined;
  private lastGeneration: number;
  private lost: ProjectionProblem | undefined;
  private closing = false;
  private readonly waiters: PositionWaiters;
  /** Generation to be built beside, once the one that is served has caught up. */
  private toBuild: number | undefined;
  private readonly listeners: ((events: readonly RecordedEvent[]) => void)[] = [];
  private swapped: (() => void)[] = [];
  /** Files that are being let go and deleted. */
  private readonly retiring = new Set<Promise<void>>();

  private constructor(
    private readonly options: SqliteReadStoreOptions,
    choice: ReadModelChoice,
  ) {
    this.waiters = new PositionWaiters(options.waitersMax);
    this.lastGeneration = choice.lastGeneration;
    this.serving = this.start(choice.serving);
    this.toBuild = choice.building;
  }

  /**
   * Starts the threads; `progress()` says when the rows are of use. Throws what a folder may cause.
   */
  static open(given: GivenOptions): SqliteReadStore {
    const options: SqliteReadStoreOptions = {
      ...SQLITE_DEFAULTS,
      onFatal: (error) => {
        throw error;
      },
      ...given,
    };
    mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
    return new SqliteReadStore(options, chooseReadModels(options.dataDir, options.storeId));
  }

  customers(references: readonly string[]): Promise<readonly (CustomerRow | undefined)[]> {
    return this.ask('customers', references);
  }

  async customerPage(request: CustomerPageRequest): Promise<CustomerPage> {
    return customerPage(await this.ask('page', request));
  }

  totals(tenant: string, environment: string): Promise<ScopeTotals> {
    return this.ask('totals', [tenant, environment]);
  }

  checkpointPage(request: CheckpointPageRequest): Promise<CheckpointPage> {
    return this.ask('checkpointPage', request);
  }

  periodCheckpoints(
    references: readonly string[],
    period: string,
  ): Promise<readonly (CheckpointRow | undefined)[]> {
    return this.ask('periodCheckpoints', { references, period });
  }

  async keyCandidates(_reference: string, keyHex: string): Promise<readonly KeyCandidate[]> {
    const revisions = await this.ask('keyRevisions', keyHex);
    return revisions.map((revision) => ({ revision }));
  }

  mayHaveKey(keyHex: string): boolean {
    return this.serving.mayHaveKey(keyHex);
  }

  projectedPosition(): Position {
    if (!this.lost) return this.serving.position;
    return this.next?.position ?? LOG_START;
  }

  waitFor(position: Position, waitMs: number): Promise<boolean> {
    if (position <= this.projectedPosition()) return Promise.resolve(true);
    const reached = this.waiters.wait(position, waitMs);
    this.serving.hurry();
    return reached;
  }

  progress(): ProjectionProgress {
    const { position, head, caughtUp, problem } = this.serving;
    const ready = caughtUp && this.lost === undefined;
    const shown = ready || !this.next ? { position, head } : this.next;
    return {
      position: shown.position,
      head: shown.head,
      ready,
      rebuilding: !ready || this.next !== undefined || this.toBuild !== undefined,
      problem: problem ?? this.lost,
    };
  }

  directoryEvents(): Promise<readonly RecordedEvent[]> {
    return this.ask('directoryEvents', undefined);
  }

  onDirectoryEvents(listener: (events: readonly RecordedEvent[]) => void): void {
    this.listeners.push(listener);
  }

  /**
   * Builds all rows anew beside those that are served; resolves once they have taken their place.
   */
  rebuild(): Promise<void> {
    this.startNext();
    return new Promise((resolve) => this.swapped.push(resolve));
  }

  /** Bytes of the file that is served and of its write-ahead log. */
  sizes(): { readonly fileBytes: number; readonly walBytes: number } {
    const file = readModelFile(this.options.dataDir, this.serving.generation);
    const bytesOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    return { fileBytes: bytesOf(file), walBytes: bytesOf(`${file}-wal`) };
  }

  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    this.waiters.end();
    await Promise.all([this.serving.close(), this.next?.close(), ...this.retiring]);
  }

  private ask<N extends QuestionName>(
    name: N,
    asks: Questions[N]['asks'],
  ): Promise<Questions[N]['answer']> {
    // Of damaged rows nothing is told, least of all that a key is new.
    if (this.lost) return Promise.reject(new RowsLostError(this.lost.message));
    return this.serving.ask(name, asks);
  }

  private startNext(): void {
    if (this.next) return;
    const generation = this.toBuild ?? this.lastGeneration + 1;
    this.toBuild = undefined;
    this.lastGeneration = Math.max(this.lastGeneration, generation);
    this.next = this.start(generation);
  }

  private start(generation: number): ReadModel {
    return new ReadModel(this.options, generation, {
      onChange: (model) => this.changed(model),
      onCorrupt: (model, message) => this.losing(model, message),
    });
  }

  private changed(model: ReadModel): void {
    if (this.closing) return;
    if (this.toBuild !== undefined && this.serving.caughtUp) this.startNext();
    this.swapIfAhead();
    if (model !== this.serving) return;
    this.announce(model.takeDirectoryEvents());
    this.waiters.reach(model.position);
  }

  /**
   * The new rows take over once they have seen all that the old ones have: no position goes back.
   */
  private swapIfAhead(): void {
    const { serving, next } = this;
    if (!next?.caughtUp) return;
    if (next.position < serving.position) return;
    this.serving = next;
    this.next = undefined;
    this.lost = undefined;
    const unannounced = next.takeDirectoryEvents();
    this.announce(unannounced.filter(({ position }) => position > serving.position));
    this.waiters.reach(next.position);
    this.retire(serving);
    for (const resolve of this.swapped) resolve();
    this.swapped = [];
  }

  private announce(events: readonly RecordedEvent[]): void {
    if (events.length === 0) return;
    for (const listener of this.listeners) listener(events);
  }

  private retire(model: ReadModel): void {
    const removed = model.remove().catch((error: unknown) => this.options.onFatal(error as Error));
    this.retiring.add(removed);
    void removed.finally(() => this.retiring.delete(removed));
  }

  /** Damaged rows are not served; others are built from the log in their place. */
  private losing(model: ReadModel, cause: string): void {
    if (this.closing) return;
    if (model === this.next) {
      this.next = undefined;
      this.retire(model);
    } else if (model !== this.serving || this.lost) return;
    if (model === this.serving) {
      const message = `the read models are damaged and are built anew: ${cause}`;
      this.lost = { code: 'ROWS_LOST', message };
    }
    this.startNext();
  }
}
