// The event store as the verifier's thread has it: every call travels to the main thread.
import type {
  AppendOutcome,
  EventStore,
  RecordedEvent,
  StreamAppend,
  StreamRange,
} from '@deltabook/application/threads';
import type { StoreReply, StoreRequest } from './verifier-messages';

interface Waiting {
  readonly resolve: (reply: StoreReply) => void;
  readonly reject: (error: Error) => void;
}

export class StoreRelay implements Pick<EventStore, 'append' | 'readStream'> {
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  constructor(private readonly post: (request: StoreRequest) => void) {}

  async append(appends: readonly StreamAppend[]): Promise<readonly AppendOutcome[]> {
    const { outcomes = [] } = await this.ask((id) => ({ id, kind: 'append', appends }));
    return outcomes;
  }

  async readStream(stream: string, range: StreamRange): Promise<readonly RecordedEvent[]> {
    const { events = [] } = await this.ask((id) => ({ id, kind: 'readStream', stream, range }));
    return events;
  }

  /** Takes a reply of the main thread. */
  settle(reply: StoreReply): void {
    const waiting = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if (reply.error === undefined) waiting?.resolve(reply);
    else waiting?.reject(new Error(reply.error));
  }

  private ask(requestOf: (id: number) => StoreRequest): Promise<StoreReply> {
    this.lastId += 1;
    const id = this.lastId;
    this.post(requestOf(id));
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }
}
