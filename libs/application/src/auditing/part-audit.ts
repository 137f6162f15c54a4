// The audit of some customers: those whose references begin with given hex digits.
import { customerStream, referenceHexOfStream } from '@deltabook/domain';
import { LOG_START, type Position, type RecordedEvent } from '../ports/event-store.port';
import type { ServedPage, ServedRows } from '../ports/served-rows.port';
import type { SealedHead } from '../read-models/rows';
import type { AuditParts } from './audit-parts';
import { failingHistory, type Findings } from './audit-report';
import { AuditedCustomer } from './audited-customer';
import type { AuditedState } from './audited-state';
import { deltasVerified, type AuditedSeals } from './audited-seals';
import { CustomerReplay } from './customer-replay';
import { DIRECTORY_STREAM_PREFIXES, DirectoryAudit } from './directory-audit';
import {
  byReference,
  differencesOf,
  missingRow,
  rowWithoutHistory,
  type ServedCustomer,
} from './served-customer';
import { IndexAudit } from './index-audit';
import { LogReplay } from './log-replay';
import { isInPart, namedOnes, type PartOfCustomers } from './part-of-customers';
import { PlaceAudit } from './place-audit';
import { failingSealLogs, readSeals } from './read-seals';
import { TileAudit } from './tile-audit';

/** Rows read at once. */
const ROWS_PER_PAGE = 1_000;
/** Share of a part's progress that reading the seals is. */
const SEALS_SHARE = 0.1;

export interface PartAuditParts extends AuditParts, PartOfCustomers {
  readonly findings: Findings;
  /** Whether what concerns no customer is looked at too. */
  readonly withInstallation: boolean;
  /** The log is replayed to here at least. */
  readonly head: Position;
  /** Share of this part that is done, 0 … 1. */
  readonly onShare: (share: number) => void;
}

export class PartAudit {
  private readonly customers = new Map<string, CustomerReplay>();
  private readonly compared = new Set<string>();
  private readonly failed = new Set<AuditedCustomer>();
  /** Told at the end, and only of those whose history does not fail itself. */
  private readonly differing = new Map<AuditedCustomer, { sequence: number; what: string }>();
  private readonly directory = new DirectoryAudit();
  private readonly places: PlaceAudit;
  private readonly indexes: IndexAudit;
  private readonly tiles: TileAudit;
  private seals: AuditedSeals | undefined;
  private sealsHold = true;
  /** Whole references, where few are looked at. */
  private readonly named: readonly string[] | undefined;
  private readonly replay: LogReplay;
  /** Seals after those that were read first. */
  private newerSeals: LogReplay | undefined;

  constructor(private readonly parts: PartAuditParts) {
    this.places = new PlaceAudit(parts.log.places?.(), parts.head);
    this.indexes = new IndexAudit(parts.rows);
    this.tiles = new TileAudit(parts);
    this.named = namedOnes(parts);
    const { named = [parts.prefix] } = this;
    const directory = parts.withInstallation ? DIRECTORY_STREAM_PREFIXES : [];
    this.replay = this.replayOf(
      [...named.map((digits) => `customer-${digits}`), ...directory],
      (event) => this.take(event),
      (share) => parts.onShare(SEALS_SHARE + (1 - SEALS_SHARE) * share),
    );
  }

  get counts(): { readonly customers: number; readonly deltas: number; readonly seals: number } {
    const looked = [...this.customers.values()].filter(({ isDoubted }) => !isDoubted);
    const deltas = looked.reduce((sum, { customer }) => sum + customer.size, 0);
    return { customers: looked.length, deltas, seals: this.seals?.count ?? 0 };
  }

  /** Where the replayed histories stand. */
  states(): readonly AuditedState[] {
    return [...this.customers.values()].map(({ customer }) => customer.state());
  }

  /** Hex digits of references whose events are not those that were remembered. */
  get doubted(): ReadonlySet<string> {
    const doubted = [...this.customers].filter(([, { isDoubted }]) => isDoubted);
    return new Set(doubted.map(([referenceHex]) => referenceHex));
  }

  async run(): Promise<void> {
    const { rows, head } = this.parts;
    await this.readSeals();
    if (rows) await this.compareRows(rows);
    await this.advance(head, { isServed: false });
    this.indexes.look();
    for (const [referenceHex, replay] of this.customers) {
      replay.end(this.sealsHold);
      if (!replay.isDoubted) await this.tell(replay, this.seals?.headOf(referenceHex));
    }
  }

  private async tell(replay: CustomerReplay, sealed: SealedHead | undefined): Promise<void> {
    const { customer } = replay;
    if (customer.failure) return this.tellFailure(customer);
    const found = [this.places.findingOf(customer), ...this.indexes.findingsOf(replay)];
    if (this.sealsHold) found.push(await this.tiles.findingOf(customer, sealed));
    const differing = this.differing.get(customer);
    if (differing) found.push({ code: 'ROW_DIFFERS', customer: customer.identity, ...differing });
    for (const finding of found) if (finding) this.parts.findings.add(finding);
  }

  private async readSeals(): Promise<void> {
    const { head, rows, prefix, only, remembered, onShare } = this.parts;
    // No row is of an earlier position: what is sealed by then counts for all of them.
    const markAt = rows ? rows.one('').position : head;
    const read = await readSeals(this.parts, {
      markAt,
      wants: (referenceHex) => isInPart(this.parts, referenceHex),
      replayOf: (streamPrefixes, take) =>
        this.replayOf(streamPrefixes, take, (share) => onShare(SEALS_SHARE * share)),
    });
    const { seals } = read;
    this.seals = seals;
    const takeSealed = (event: RecordedEvent): void => this.takeSealed(event);
    this.newerSeals = this.replayOf(['seals-'], takeSealed, () => undefined, markAt);
    this.sealsHold = read.broken.size === 0;
    if (this.sealsHold && prefix === '' && !only) remembered.keepSealLogs(seals.toRemember());
    if (!this.parts.withInstallation) return;
    const ofTiles = await this.tiles.findingsOfSealLogs(seals.signedHeads);
    for (const finding of [...failingSealLogs(read), ...ofTiles]) this.parts.findings.add(finding);
  }

  /** Seals last: they count for customers whose records were opened before them. */
  private async advance(position: Position, { isServed } = { isServed: true }): Promise<void> {
    if (isServed) this.indexes.serves(position);
    await this.replay.advance(position);
    await this.newerSeals?.advance(position);
  }

  private async compareRows(rows: ServedRows): Promise<void> {
    const { withInstallation, findings } = this.parts;
    if (withInstallation) {
      const directory = rows.directory();
      await this.advance(directory.position);
      for (const finding of this.directory.compare(directory)) findings.add(finding);
    }
    if (!this.named) await this.comparePages(rows);
    for (const digits of this.named ?? []) await this.comparePage(rows.one(`0x${digits}`));
    await this.findMissing(rows);
  }

  /** Whoever has no row in any page has none, or got it after its page was read. */
  private async findMissing(rows: ServedRows): Promise<void> {
    for (const [referenceHex, replay] of this.customers) {
      if (this.compared.has(referenceHex)) continue;
      const page = rows.one(`0x${referenceHex}`);
      await this.comparePage(page);
      if (page.rows.length > 0 || !replay.isSettled) continue;
      this.parts.findings.add(missingRow(replay.customer));
    }
  }

  private async comparePages(rows: ServedRows): Promise<void> {
    const start = `0x${this.parts.prefix}`;
    for (let after = start; ;) {
      const page = rows.page(after, ROWS_PER_PAGE);
      const mine = page.rows.filter((row) => row.reference.toLowerCase().startsWith(start));
      await this.comparePage({ ...page, rows: mine });
      after = mine.at(-1)?.reference ?? '';
      if (mine.length < ROWS_PER_PAGE) return;
    }
  }

  private async comparePage({ rows, checkpoints, position }: ServedPage): Promise<void> {
    await this.advance(position);
    const served = byReference(checkpoints);
    for (const row of rows) {
      const referenceHex = referenceHexOfStream(customerStream(row.reference)) ?? '';
      const own = { row, checkpoints: served.get(row.reference) ?? [] };
      if (isInPart(this.parts, referenceHex)) this.compare(referenceHex, own);
    }
  }

  private compare(referenceHex: string, served: ServedCustomer): void {
    this.compared.add(referenceHex);
    const customer = this.customers.get(referenceHex)?.customer;
    if (!customer) return this.parts.findings.add(rowWithoutHistory(served.row));
    const what = differencesOf(customer, served, this.sealsHold);
    if (what !== undefined) this.differing.set(customer, { sequence: customer.size, what });
  }

  private take(event: RecordedEvent): void {
    const referenceHex = referenceHexOfStream(event.stream);
    if (referenceHex === undefined) return this.directory.take(event);
    const replay = this.customers.get(referenceHex) ?? this.newCustomer(referenceHex);
    if (!replay) return;
    replay.take(event);
    this.places.take(event);
    this.indexes.take(event, replay);
    const { customer } = replay;
    if (customer.failure) this.tellFailure(customer);
  }

  /** Undefined for one that is not looked at. */
  private newCustomer(referenceHex: string): CustomerReplay | undefined {
    if (!isInPart(this.parts, referenceHex)) return undefined;
    const { hashes, remembered } = this.parts;
    const fresh = new AuditedCustomer(referenceHex, hashes);
    const { seals } = this;
    const sealed = {
      head: seals?.headOf(referenceHex),
      verified: seals?.markedHead(referenceHex),
    };
    const memory = { referenceHex, histories: remembered, sha256Hex: hashes.sha256Hex };
    const replay = new CustomerReplay(fresh, sealed, memory);
    this.customers.set(referenceHex, replay);
    return replay;
  }

  /** What is sealed counts as verified for those who have a record by then. */
  private takeSealed(event: RecordedEvent): void {
    const { heads = [], sealedAt = '' } = deltasVerified(event) ?? {};
    for (const [reference, size, root] of heads) {
      const referenceHex = referenceHexOfStream(customerStream(reference)) ?? '';
      this.customers.get(referenceHex)?.takeVerified({ size, root, sealedAt });
    }
  }

  private tellFailure(customer: AuditedCustomer): void {
    const { failure } = customer;
    if (!failure || this.failed.has(customer)) return;
    this.failed.add(customer);
    this.parts.findings.add(failingHistory(customer.identity, failure));
    this.parts.onFailed(customer.state());
  }

  private replayOf(
    streamPrefixes: readonly string[],
    take: (event: RecordedEvent) => void,
    onShare: (share: number) => void,
    after = LOG_START,
  ): LogReplay {
    const { log, signal, pace, head } = this.parts;
    const total = Math.max(1, Number(head - LOG_START));
    const onPosition = (at: Position): void => onShare(Math.min(1, Number(at - LOG_START) / total));
    return new LogReplay({ log, streamPrefixes, signal, take, pace, onPosition }, after);
  }
}
