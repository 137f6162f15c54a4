// Requests to read and what comes back, in the client's generated messages. Event texts are
// taken as the bytes that were stored: the client's own conversion parses them as JSON.
import type { Position, RecordedEvent, StreamRange } from '@deltabook/application';
import { Empty, StreamIdentifier } from '@eventstore/db-client/generated/shared_pb';
import { ReadReq, type ReadResp } from '@eventstore/db-client/generated/streams_pb';
import type { StreamNames } from './stream-names';

const { Options } = ReadReq;
/** Events of other installations that the server looks at in one step. */
const SEARCH_WINDOW_EVENTS = 512;
/** Steps without a matching event after which the server tells how far it has come. */
const CHECKPOINT_STEPS = 4;
/** What the protocol says for "no position". */
const NO_POSITION = '18446744073709551615';

/** A recorded event of the protocol, with its id. */
export interface IdentifiedEvent {
  readonly id: string;
  readonly event: RecordedEvent;
}

type WireEvent = ReadResp.ReadEvent.RecordedEvent;

export function streamIdentifier(storedName: string): StreamIdentifier {
  const identifier = new StreamIdentifier();
  identifier.setStreamName(Buffer.from(storedName, 'utf8').toString('base64'));
  return identifier;
}

/** Reads a page of a stream by its stored name. */
export function streamRequest(storedName: string, range: StreamRange): ReadReq {
  const stream = new Options.StreamOptions();
  stream.setStreamIdentifier(streamIdentifier(storedName));
  if (range.from === 'end') stream.setEnd(new Empty());
  else stream.setRevision(String(range.from));
  const options = requestOptions();
  options.setStream(stream);
  options.setNoFilter(new Empty());
  options.setCount(String(range.limit));
  const { FORWARDS, BACKWARDS } = Options.ReadDirection;
  options.setReadDirection(range.direction === 'forwards' ? FORWARDS : BACKWARDS);
  return new ReadReq().setOptions(options);
}

/** Reads the installation's last event. */
export function lastEventRequest(names: StreamNames): ReadReq {
  const options = requestOptions();
  options.setAll(new Options.AllOptions().setEnd(new Empty()));
  options.setFilter(installationFilter(names));
  options.setCount('1');
  options.setReadDirection(Options.ReadDirection.BACKWARDS);
  return new ReadReq().setOptions(options);
}

/** Reads the last event of the whole log, whoever wrote it. */
export function lastOfAllRequest(): ReadReq {
  const options = requestOptions();
  options.setAll(new Options.AllOptions().setEnd(new Empty()));
  options.setNoFilter(new Empty());
  options.setCount('1');
  options.setReadDirection(Options.ReadDirection.BACKWARDS);
  return new ReadReq().setOptions(options);
}

/** Follows the installation's events; `after` is exclusive, undefined starts at the first. */
export function subscribeRequest(names: StreamNames, after: Position | undefined): ReadReq {
  const all = new Options.AllOptions();
  if (after === undefined) all.setStart(new Empty());
  else {
    // An event's commit and prepare positions are the same for every write this product can make.
    const position = new Options.Position();
    position.setCommitPosition(String(after)).setPreparePosition(String(after));
    all.setPosition(position);
  }
  const options = requestOptions();
  options.setAll(all);
  options.setFilter(installationFilter(names));
  options.setSubscription(new Options.SubscriptionOptions());
  return new ReadReq().setOptions(options);
}

function requestOptions(): ReadReq.Options {
  const options = new Options();
  options.setResolveLinks(false);
  options.setUuidOption(new Options.UUIDOption().setString(new Empty()));
  return options;
}

function installationFilter(names: StreamNames): ReadReq.Options.FilterOptions {
  const expression = new Options.FilterOptions.Expression();
  if (names.prefix === '') expression.setRegex('^[^$_]+$');
  else expression.setPrefixList([names.prefix]);
  const filter = new Options.FilterOptions();
  filter.setStreamIdentifier(expression);
  filter.setMax(SEARCH_WINDOW_EVENTS);
  filter.setCheckpointintervalmultiplier(CHECKPOINT_STEPS);
  return filter;
}

export function storedNameOf(wire: WireEvent): string {
  return textOf(wire.getStreamIdentifier()?.getStreamName_asU8() ?? new Uint8Array());
}

/** Position of an event; the server of every version we accept sends it with each. */
export function positionOf(wire: WireEvent): Position {
  const position = wire.getCommitPosition();
  if (position === NO_POSITION) throw new Error('EventStoreDB sent an event without its position');
  return BigInt(position);
}

/** @param stream the stream's name without the installation's prefix */
export function recordedEvent(wire: WireEvent, stream: string): RecordedEvent {
  return {
    stream,
    revision: Number(wire.getStreamRevision()),
    position: positionOf(wire),
    type: wire.getMetadataMap().get('type') ?? '',
    data: textOf(wire.getData_asU8()),
    metadata: textOf(wire.getCustomMetadata_asU8()),
  };
}

export function identifiedEvent(wire: WireEvent, stream: string): IdentifiedEvent {
  return { id: wire.getId()?.getString() ?? '', event: recordedEvent(wire, stream) };
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
