// Reads as the stand-in answers them: pages of a stream, pages of the log, and subscriptions
// that catch up, say so, go on live, tell how far they came, and are dropped when their consumer
// is too slow.
import { Empty, UUID } from '@eventstore/db-client/generated/shared_pb';
import { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb';
import { Metadata, status, type ServerWritableStream } from '@grpc/grpc-js';
import { identifierOf, nameOf } from './stand-in-appends';
import type { StandInLog, StoredEvent } from './stand-in-log';

export type ReadStreamCall = ServerWritableStream<ReadReq, ReadResp>;
type Filter = (event: StoredEvent) => boolean;

/** Live events that wait for a consumer before it is dropped; a server has as few. */
export const LIVE_EVENTS_MAX = 32;
const STREAMS_ONLY_MESSAGE = 'the stand-in filters by stream name only';

/** Answers a read that ends by itself. */
export function readPage(call: ReadStreamCall, log: StandInLog): void {
  const options = call.request.getOptions() ?? new ReadReq.Options();
  const stream = options.getStream();
  if (stream && !log.stream(nameOf(stream.getStreamIdentifier()))) {
    const missing = new ReadResp.StreamNotFound().setStreamIdentifier(stream.getStreamIdentifier());
    call.write(new ReadResp().setStreamNotFound(missing));
  } else {
    const page = stream ? streamPage(stream, options, log) : logPage(options, log);
    for (const event of page) call.write(eventResponse(event));
  }
  call.end();
}

/** True for a read of the log that is to find events by their streams' names. */
export function isSearch(call: ReadStreamCall): boolean {
  const options = call.request.getOptions();
  return options?.hasAll() === true && options.hasFilter();
}

function streamPage(
  stream: ReadReq.Options.StreamOptions,
  options: ReadReq.Options,
  log: StandInLog,
): readonly StoredEvent[] {
  const stored = log.stream(nameOf(stream.getStreamIdentifier())) ?? [];
  const count = Number(options.getCount());
  const from = stream.hasEnd() ? stored.length - 1 : Number(stream.getRevision());
  if (!isBackwards(options)) return stored.slice(from, from + count);
  return stored.slice(Math.max(from - count + 1, 0), from + 1).reverse();
}

function logPage(options: ReadReq.Options, log: StandInLog): readonly StoredEvent[] {
  const matching = log.events.filter(filterOf(options));
  if (isBackwards(options)) matching.reverse();
  return matching.slice(0, Number(options.getCount()));
}

function isBackwards(options: ReadReq.Options): boolean {
  return options.getReadDirection() === ReadReq.Options.ReadDirection.BACKWARDS;
}

/** One subscription to the log. */
export class StandInSubscription {
  private readonly filter: Filter;
  private readonly considerMax: number;
  private next: number;
  private considered = 0;
  private live = false;
  private waiting = false;
  private ended = false;
  private readonly forget: () => void;

  constructor(
    private readonly call: ReadStreamCall,
    private readonly log: StandInLog,
    private readonly onEnd: (subscription: StandInSubscription) => void,
  ) {
    const options = call.request.getOptions() ?? new ReadReq.Options();
    this.filter = filterOf(options);
    const filter = options.getFilter() ?? new ReadReq.Options.FilterOptions();
    this.considerMax = Math.max(filter.getMax() * filter.getCheckpointintervalmultiplier(), 1);
    const after = options.getAll()?.getPosition();
    this.next = after ? log.indexAfter(BigInt(after.getCommitPosition())) : 0;
    const confirmation = new ReadResp.SubscriptionConfirmation().setSubscriptionId('stand-in');
    call.write(new ReadResp().setConfirmation(confirmation));
    this.forget = log.onAppend(() => this.onAppend());
    call.on('cancelled', () => this.close());
    call.on('close', () => this.close());
    call.on('error', () => this.close());
    this.pump();
  }

  /** Ends it as a server does whose live events were not taken in time. */
  dropTooSlow(): void {
    const state = this.live ? 'live' : 'transitioning to live';
    this.fail(
      status.ABORTED,
      `Operation timed out: Consumer too slow to handle event while ${state}. ` +
        'Client resubscription required.',
    );
  }

  fail(code: status, details: string): void {
    if (this.ended) return;
    this.close();
    this.call.emit('error', { code, details, metadata: new Metadata() });
  }

  private onAppend(): void {
    if (this.live && this.waiting && this.log.events.length - this.next > LIVE_EVENTS_MAX) {
      this.dropTooSlow();
      return;
    }
    this.pump();
  }

  private pump(): void {
    while (!this.waiting && !this.ended && this.next < this.log.events.length) this.step();
    if (this.waiting || this.ended || this.live) return;
    this.live = true;
    this.write(new ReadResp().setCaughtUp(new ReadResp.CaughtUp()));
  }

  private step(): void {
    const event = this.log.events[this.next];
    this.next += 1;
    if (!event) return;
    if (this.filter(event)) this.write(eventResponse(event));
    this.considered += 1;
    if (this.considered < this.considerMax) return;
    this.considered = 0;
    const checkpoint = new ReadResp.Checkpoint();
    checkpoint.setCommitPosition(String(event.position));
    checkpoint.setPreparePosition(String(event.position));
    this.write(new ReadResp().setCheckpoint(checkpoint));
  }

  private write(response: ReadResp): void {
    if (this.ended || this.call.write(response)) return;
    this.waiting = true;
    this.call.once('drain', () => {
      this.waiting = false;
      this.pump();
    });
  }

  private close(): void {
    if (this.ended) return;
    this.ended = true;
    this.forget();
    this.onEnd(this);
  }
}

function filterOf(options: ReadReq.Options): Filter {
  const filter = options.getFilter();
  if (!filter) return () => true;
  const expression = filter.getStreamIdentifier();
  if (!expression) throw new Error(STREAMS_ONLY_MESSAGE);
  const prefixes = expression.getPrefixList();
  if (prefixes.length > 0) return ({ stream }) => prefixes.some((p) => stream.startsWith(p));
  const regex = new RegExp(expression.getRegex());
  return ({ stream }) => regex.test(stream);
}

function eventResponse(event: StoredEvent): ReadResp {
  const recorded = new ReadResp.ReadEvent.RecordedEvent();
  recorded.setId(new UUID().setString(event.id));
  recorded.setStreamIdentifier(identifierOf(event.stream));
  recorded.setStreamRevision(String(event.revision));
  recorded.setCommitPosition(String(event.position));
  recorded.setPreparePosition(String(event.position));
  recorded.getMetadataMap().set('type', event.type).set('content-type', event.contentType);
  recorded.setData(event.data);
  recorded.setCustomMetadata(event.metadata);
  const read = new ReadResp.ReadEvent().setEvent(recorded);
  return new ReadResp().setEvent(read.setNoPosition(new Empty()));
}
