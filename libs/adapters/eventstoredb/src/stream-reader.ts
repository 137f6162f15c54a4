// Reads pages of streams, and the last event of the installation, from the leader. While no node
// serves, a read is repeated until its time is up.
import {
  LOG_START,
  type Position,
  type RecordedEvent,
  type StreamRange,
} from '@deltabook/application';
import { ErrorType } from '@eventstore/db-client';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb';
import { setTimeout as pause } from 'node:timers/promises';
import { asError, callFailureOf } from './call-errors';
import type { EventStoreDbOptions } from './eventstoredb-options';
import type { LedgerClient } from './ledger-client';
import { ReadGate } from './read-gate';
import {
  identifiedEvent,
  lastEventRequest,
  lastOfAllRequest,
  positionOf,
  streamRequest,
  type IdentifiedEvent,
} from './read-messages';
import type { StreamNames } from './stream-names';

type ReaderOptions = Pick<
  EventStoreDbOptions,
  'readTimeoutMs' | 'readRetryDelayMs' | 'readsInFlightMax' | 'readsPendingMax'
>;
/** A server answers from memory, or has to look through much of its log. */
const HEAD_SEARCH_MS_MAX = 1_000;

type WireEvent = ReadResp.ReadEvent.RecordedEvent;

export class StreamReader {
  private readonly gate: ReadGate;

  constructor(
    private readonly client: LedgerClient,
    private readonly names: StreamNames,
    private readonly options: ReaderOptions,
  ) {
    this.gate = new ReadGate(options.readsInFlightMax, options.readsPendingMax);
  }

  async page(stream: string, range: StreamRange): Promise<readonly RecordedEvent[]> {
    return (await this.identifiedPage(stream, range)).map(({ event }) => event);
  }

  /** The same with the ids that the events were stored under. */
  async identifiedPage(stream: string, range: StreamRange): Promise<readonly IdentifiedEvent[]> {
    const request = streamRequest(this.names.stored(stream), range);
    return (await this.read(request)).map((wire) => identifiedEvent(wire, stream));
  }

  /**
   * Position of the installation's last event, LOG_START when there is none. In a cluster that it
   * shares, so many events of others may lie behind it that the search takes too long: then the end
   * of the whole log, which following it reaches as well.
   */
  async head(): Promise<Position> {
    const searchMs = Math.min(HEAD_SEARCH_MS_MAX, this.options.readTimeoutMs);
    try {
      const [last] = await this.read(lastEventRequest(this.names), searchMs);
      return last ? positionOf(last) : LOG_START;
    } catch (error) {
      if (callFailureOf(error).type !== ErrorType.DEADLINE_EXCEEDED) throw error;
      const [last] = await this.read(lastOfAllRequest());
      return last ? positionOf(last) : LOG_START;
    }
  }

  private read(
    request: ReadReq,
    timeoutMs = this.options.readTimeoutMs,
  ): Promise<readonly WireEvent[]> {
    return this.gate.run(() => this.readUntilServed(request, timeoutMs));
  }

  private async readUntilServed(
    request: ReadReq,
    timeoutMs: number,
  ): Promise<readonly WireEvent[]> {
    const { readRetryDelayMs } = this.options;
    const endMs = performance.now() + timeoutMs;
    for (;;) {
      try {
        return await this.readOnce(request, Math.max(endMs - performance.now(), 1));
      } catch (error) {
        const timeLeft = performance.now() + readRetryDelayMs < endMs;
        if (callFailureOf(error).lasting || !timeLeft) throw asError(error);
      }
      await pause(readRetryDelayMs);
    }
  }

  private async readOnce(request: ReadReq, deadlineMs: number): Promise<readonly WireEvent[]> {
    const call = await this.client.read(request, deadlineMs);
    return new Promise((resolve, reject) => {
      const events: WireEvent[] = [];
      call.on('data', (response: ReadResp) => {
        const event = response.getEvent()?.getEvent();
        if (event) events.push(event);
      });
      call.on('error', reject);
      call.on('end', () => resolve(events));
    });
  }
}
