// One append as a BatchAppend message, and its answer as an outcome of the port.
import {
  NO_STREAM,
  type AppendOutcome,
  type NewEvent,
  type StreamAppend,
} from '@deltabook/application';
import { eventId } from '@deltabook/domain';
import { UUID, WrongExpectedVersion } from '@eventstore/db-client/generated/shared_pb';
import type { Status } from '@eventstore/db-client/generated/status_pb';
import { BatchAppendReq, type BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import type { Any } from 'google-protobuf/google/protobuf/any_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import { hash } from 'node:crypto';
import { streamIdentifier } from './read-messages';

const JSON_CONTENT = 'application/json';
const NO_POSITION = '18446744073709551615';

/** `position` is missing when the server knows that the append is stored, but not where. */
export type ServerOutcome =
  AppendOutcome | { readonly kind: 'appended-somewhere'; readonly revision: number };

/** Ids of an append's events, derived from what is stored where. */
export function eventIdsOf(append: StreamAppend): readonly string[] {
  const { stream, expectedRevision, events } = append;
  return events.map(({ type, data, metadata }, i) => {
    const revision = expectedRevision + 1 + i;
    return eventId({ stream, revision, type, data, metadata }, (text) =>
      hash('sha256', text, 'hex'),
    );
  });
}

/** Bytes of event data and metadata, as the port bounds them. */
export function byteCountOf(events: readonly NewEvent[]): number {
  return events.reduce(
    (sum, { data, metadata }) => sum + Buffer.byteLength(data) + Buffer.byteLength(metadata),
    0,
  );
}

/**
 * No deadline is sent: it would be a time of this machine's clock, compared with the server's.
 *
 * @param correlation decimal digits, unique among what is in flight
 */
export function appendMessage(
  append: StreamAppend,
  storedName: string,
  correlation: string,
): BatchAppendReq {
  const options = new BatchAppendReq.Options();
  options.setStreamIdentifier(streamIdentifier(storedName));
  if (append.expectedRevision === NO_STREAM) options.setNoStream(new Empty());
  else options.setStreamPosition(String(append.expectedRevision));
  const message = new BatchAppendReq();
  message.setCorrelationId(correlationId(correlation));
  message.setOptions(options);
  message.setIsFinal(true);
  const ids = eventIdsOf(append);
  message.setProposedMessagesList(append.events.map((event, i) => proposed(event, ids[i] ?? '')));
  return message;
}

function proposed(event: NewEvent, id: string): BatchAppendReq.ProposedMessage {
  const message = new BatchAppendReq.ProposedMessage();
  message.setId(new UUID().setString(id));
  message.getMetadataMap().set('type', event.type).set('content-type', JSON_CONTENT);
  message.setData(bytesOf(event.data));
  message.setCustomMetadata(bytesOf(event.metadata));
  return message;
}

const encoder = new TextEncoder();
function bytesOf(text: string): Uint8Array {
  return encoder.encode(text);
}

function correlationId(correlation: string): UUID {
  const structured = new UUID.Structured();
  structured.setMostSignificantBits('1').setLeastSignificantBits(correlation);
  return new UUID().setStructured(structured);
}

/** The correlation of an answer. */
export function correlationOf(response: BatchAppendResp): string {
  return response.getCorrelationId()?.getStructured()?.getLeastSignificantBits() ?? '';
}

export function outcomeOf(response: BatchAppendResp): ServerOutcome {
  const error = response.getError();
  if (error) return refusalOf(error);
  const success = response.getSuccess();
  if (!success) return { kind: 'unknown', reason: 'EventStoreDB gave an empty answer' };
  const revision = Number(success.getCurrentRevision());
  const position = success.getPosition()?.getCommitPosition();
  if (position === undefined || position === NO_POSITION) {
    return { kind: 'appended-somewhere', revision };
  }
  return { kind: 'appended', revision, position: BigInt(position) };
}

function refusalOf(status: Status): AppendOutcome {
  const details = status.getDetails();
  const type = details?.getTypeName() ?? '';
  if (type === 'event_store.client.MaximumAppendSizeExceeded') return { kind: 'too-large' };
  if (details && type === 'event_store.client.WrongExpectedVersion') return conflictOf(details);
  const reason = status.getMessage() || type || 'no reason given';
  return { kind: 'unknown', reason: `EventStoreDB did not confirm the append: ${reason}` };
}

function conflictOf(details: Any): AppendOutcome {
  const conflict = WrongExpectedVersion.deserializeBinary(details.getValue_asU8());
  const actualRevision = conflict.hasCurrentStreamRevision()
    ? Number(conflict.getCurrentStreamRevision())
    : NO_STREAM;
  return { kind: 'conflict', actualRevision };
}
