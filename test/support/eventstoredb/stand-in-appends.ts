// Appends as the stand-in answers them: Append, one call each, and BatchAppend, many on one
// call.
import {
  MaximumAppendSizeExceeded,
  StreamIdentifier,
  WrongExpectedVersion,
  AllStreamPosition,
} from '@eventstore/db-client/generated/shared_pb';
import { Status } from '@eventstore/db-client/generated/status_pb';
import {
  AppendResp,
  BatchAppendResp,
  type AppendReq,
  type BatchAppendReq,
} from '@eventstore/db-client/generated/streams_pb';
import type { sendUnaryData, ServerDuplexStream, ServerReadableStream } from '@grpc/grpc-js';
import { Any } from 'google-protobuf/google/protobuf/any_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import { NO_STREAM, type AppendResult, type ProposedEvent, type StandInLog } from './stand-in-log';
import type { StandInFaults } from './stand-in-faults';

export interface AppendParts {
  readonly log: StandInLog;
  readonly faults: StandInFaults;
}
type WireProposed = BatchAppendReq.ProposedMessage | AppendReq.ProposedMessage;

/** An append under way on a BatchAppend call: the events of its messages so far. */
interface OpenBatch {
  readonly stream: string;
  readonly expected: number;
  readonly events: ProposedEvent[];
}

export function batchAppend(
  call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>,
  parts: AppendParts,
): void {
  const open = new Map<string, OpenBatch>();
  call.on('data', (request: BatchAppendReq) => {
    const key = JSON.stringify(request.getCorrelationId()?.toObject());
    const options = request.getOptions();
    if (options) {
      open.set(key, {
        stream: nameOf(options.getStreamIdentifier()),
        expected: options.hasNoStream() ? NO_STREAM : Number(options.getStreamPosition()),
        events: [],
      });
    }
    const batch = open.get(key);
    if (!batch) return;
    batch.events.push(...request.getProposedMessagesList().map(proposedOf));
    if (!request.getIsFinal()) return;
    open.delete(key);
    const response = answerTo(batch, parts);
    if (!response) return;
    response.setCorrelationId(request.getCorrelationId());
    response.setStreamIdentifier(identifierOf(batch.stream));
    setTimeout(() => {
      if (!call.destroyed && !parts.faults.silent) call.write(response);
    }, parts.faults.answerDelayMs);
  });
  call.on('error', () => undefined);
  call.on('end', () => call.end());
}

/** The answer, or undefined when a fault keeps it back. */
function answerTo(batch: OpenBatch, { log, faults }: AppendParts): BatchAppendResp | undefined {
  if (faults.take('appendsLost')) return undefined;
  if (faults.take('appendsNotReady')) return notReady();
  const result = log.append(batch.stream, batch.expected, batch.events);
  if (faults.take('answersLost')) return undefined;
  if (faults.take('repeatsRefused')) {
    const actualRevision = batch.expected + batch.events.length;
    return responseOf({ kind: 'wrong-revision', actualRevision }, batch.expected);
  }
  const response = responseOf(result, batch.expected);
  if (faults.take('positionsLost')) response.getSuccess()?.setNoPosition(new Empty());
  return response;
}

function notReady(): BatchAppendResp {
  const details = new Any();
  details.pack(new Empty().serializeBinary(), 'google.protobuf.Empty');
  const status = new Status().setMessage('Server Is Not Ready').setDetails(details);
  return new BatchAppendResp().setError(status);
}

function responseOf(result: AppendResult, expected: number): BatchAppendResp {
  if (result.kind === 'appended') {
    const position = new AllStreamPosition();
    position.setCommitPosition(String(result.position));
    position.setPreparePosition(String(result.position));
    const success = new BatchAppendResp.Success();
    success.setCurrentRevision(String(result.revision)).setPosition(position);
    return new BatchAppendResp().setSuccess(success);
  }
  const details = new Any();
  if (result.kind === 'too-large') {
    const exceeded = new MaximumAppendSizeExceeded().setMaxappendsize(1_048_576);
    details.pack(exceeded.serializeBinary(), 'event_store.client.MaximumAppendSizeExceeded');
  } else {
    const conflict = wrongExpectedVersion(result.actualRevision, expected);
    details.pack(conflict.serializeBinary(), 'event_store.client.WrongExpectedVersion');
  }
  return new BatchAppendResp().setError(new Status().setMessage(result.kind).setDetails(details));
}

function wrongExpectedVersion(actual: number, expected: number): WrongExpectedVersion {
  const conflict = new WrongExpectedVersion();
  if (actual === NO_STREAM) conflict.setCurrentNoStream(new Empty());
  else conflict.setCurrentStreamRevision(String(actual));
  if (expected === NO_STREAM) conflict.setExpectedNoStream(new Empty());
  else conflict.setExpectedStreamPosition(String(expected));
  return conflict;
}

export function append(
  call: ServerReadableStream<AppendReq, AppendResp>,
  reply: sendUnaryData<AppendResp>,
  { log }: AppendParts,
): void {
  let [stream, expected] = ['', NO_STREAM];
  const events: ProposedEvent[] = [];
  call.on('data', (request: AppendReq) => {
    const options = request.getOptions();
    if (options) {
      stream = nameOf(options.getStreamIdentifier());
      expected = options.hasNoStream() ? NO_STREAM : Number(options.getRevision());
    }
    const message = request.getProposedMessage();
    if (message) events.push(proposedOf(message));
  });
  call.on('end', () => reply(null, unaryResponse(log.append(stream, expected, events))));
}

function unaryResponse(result: AppendResult): AppendResp {
  const response = new AppendResp();
  if (result.kind === 'appended') {
    const position = new AppendResp.Position();
    position.setCommitPosition(String(result.position));
    position.setPreparePosition(String(result.position));
    const success = new AppendResp.Success().setCurrentRevision(String(result.revision));
    return response.setSuccess(success.setPosition(position));
  }
  const conflict = new AppendResp.WrongExpectedVersion();
  const actual = result.kind === 'wrong-revision' ? result.actualRevision : 0;
  return response.setWrongExpectedVersion(conflict.setCurrentRevision(String(actual)));
}

function proposedOf(message: WireProposed): ProposedEvent {
  return {
    id: message.getId()?.getString() ?? '',
    type: message.getMetadataMap().get('type') ?? '',
    contentType: message.getMetadataMap().get('content-type') ?? '',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

export function nameOf(identifier: StreamIdentifier | undefined): string {
  return Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');
}

export function identifierOf(name: string): StreamIdentifier {
  const identifier = new StreamIdentifier();
  identifier.setStreamName(Buffer.from(name, 'utf8').toString('base64'));
  return identifier;
}
