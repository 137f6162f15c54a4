// The read store on SQLite: one file of read models is served, another may grow beside it and take
// its place once it has seen as much. The main thread only asks and is told; it never touches a
// disk.
import type {
  CustomerPage,
  CustomerPageRequest,
  CustomerRow,
  KeyCandidate,
  Position,
  ProjectionProblem,
  ProjectionProgress,
  ReadStore,
  RecordedEvent,
  ScopeTotals,
} from '@deltabook/application';
import { mkdirSync, statSync } from 'node:fs';
import { chooseReadModels, type ReadModelChoice } from './choose-read-models';
import { PositionWaiters } from './position-waiters';
import { ReadModel } from './read-model';
import { readModelFile } from './read-model-file';
import { SQLITE_DEFAULTS, type SqliteReadStoreOptions } from './sqlite-options';

type Needed = 'dataDir' | 'storeId' | 'projectorEntry' | 'logSource';
type GivenOptions = Pick<SqliteReadStoreOptions, Needed> & Partial<SqliteReadStoreOptions>;

export class SqliteReadStore implements ReadStore {
  private serving: ReadModel;
  /** Grows beside, until it takes the other's place. */
  private next: ReadModel | undefined;
  private lastGeneration: number;
  private lost: ProjectionProblem | undefined;
  private closing = false;
  private readonly waiters: PositionWaiters;
  private readonly listeners: ((events: readonly RecordedEvent[]) => void)[] = [];
  private swapped: (() => void)[] = [];

  private constructor(
    private readonly options: SqliteReadStoreOptions,
    choice: ReadModelChoice,
  ) {
    this.waiters = new PositionWaiters(options.waitersMax);
    this.lastGeneration = choice.lastGeneration;
    this.serving = this.start(choice.serving);
    if (choice.building !== undefined) this.next = this.start(choice.building);
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
    return this.serving.ask('customers', references);
  }

  customerPage(request: CustomerPageRequest): Promise<CustomerPage> {
    return this.serving.ask('page', request);
  }

  totals(tenant: string, environment: string): Promise<ScopeTotals> {
    return this.serving.ask('totals', [tenant, environment]);
  }

  async keyCandidates(_reference: string, keyHex: string): Promise<readonly KeyCandidate[]> {
    const revisions = await this.serving.ask('keyRevisions', keyHex);
    return revisions.map((revision) => ({ revision }));
  }

  mayHaveKey(keyHex: string): boolean {
    return this.serving.mayHaveKey(keyHex);
  }

  projectedPosition(): Position {
    return this.serving.position;
  }

  waitFor(position: Position, waitMs: number): Promise<boolean> {
    if (position <= this.serving.position) return Promise.resolve(true);
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
      rebuilding: !ready || this.next !== undefined,
      problem: problem ?? this.lost,
    };
  }

  directoryEvents(): Promise<readonly RecordedEvent[]> {
    return this.serving.ask('directoryEvents', undefined);
  }

  onDirectoryEvents(listener: (events: readonly RecordedEvent[]) => void): void {
    this.listeners.push(listener);
  }

  /**
   * Builds all rows anew beside those that are served; resolves once they have taken their place.
   */
  rebuild(): Promise<void> {
    this.next ??= this.start(this.newGeneration());
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
    await Promise.all([this.serving.close(), this.next?.close()]);
  }

  private newGeneration(): number {
    this.lastGeneration += 1;
    return this.lastGeneration;
  }

  private start(generation: number): ReadModel {
    return new ReadModel(this.options, generation, {
      onChange: (model) => this.changed(model),
      onCorrupt: (model, message) => this.losing(model, message),
    });
  }

  private changed(model: ReadModel): void {
    if (this.closing) return;
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
    model.remove().catch((error: unknown) => this.options.onFatal(error as Error));
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
    this.next ??= this.start(this.newGeneration());
  }
}
