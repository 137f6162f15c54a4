// One keep-alive HTTP/1.1 connection on a raw socket: as little work of the generator's own as
// possible for each request. It knows answers with a Content-Length, one at a time.
import { connect, type Socket } from 'node:net';

export interface Answer {
  /** HTTP status; 0 when the connection was lost. */
  readonly status: number;
  readonly bodyBytes: number;
  /** The start of the body, enough to see the counts of a batch's reply. */
  readonly bodyStart: string;
}

const HEAD_END = '\r\n\r\n';
const HEAD_LENGTH_MAX = 4_096;
const BODY_START_LENGTH = 64;
const STATUS_AT = 9;
const LENGTH = /\r\ncontent-length: *(\d+)/i;
const READ_BYTES = 64 * 1024;
const LOST: Answer = { status: 0, bodyBytes: 0, bodyStart: '' };

export class Connection {
  private readonly socket: Socket;
  private pending: ((answer: Answer) => void) | undefined;
  /** Start of an answer whose head is not whole yet. */
  private head = '';
  /** Bytes that are still to come of the answer; 0 before its head was read. */
  private bytesLeft = 0;
  private answer: Answer = LOST;

  constructor(port: number) {
    const onread = {
      buffer: Buffer.allocUnsafe(READ_BYTES),
      callback: (byteCount: number, bytes: Uint8Array): boolean => {
        this.receive(byteCount, bytes as Buffer);
        return true;
      },
    };
    this.socket = connect({ host: '127.0.0.1', port, noDelay: true, onread });
    this.socket.on('error', () => this.settle(LOST));
    this.socket.on('close', () => this.settle(LOST));
  }

  /** Sends a request of ASCII text; one at a time. */
  send(request: string, onAnswer: (answer: Answer) => void): void {
    this.pending = onAnswer;
    if (this.socket.destroyed) this.settle(LOST);
    else this.socket.write(request, 'latin1');
  }

  close(): void {
    this.socket.destroy();
  }

  private receive(byteCount: number, bytes: Buffer): void {
    if (this.bytesLeft > 0) this.bytesLeft -= byteCount;
    else if (!this.readHead(bytes, byteCount)) return;
    if (this.bytesLeft <= 0) this.settle(this.answer);
  }

  /** True once the head is whole; then `answer` and `bytesLeft` are set. */
  private readHead(bytes: Buffer, byteCount: number): boolean {
    const earlierLength = this.head.length;
    const text = this.head + bytes.toString('latin1', 0, Math.min(byteCount, HEAD_LENGTH_MAX));
    const headEnd = text.indexOf(HEAD_END);
    if (headEnd < 0) {
      this.head = text;
      return false;
    }
    const [, length] = LENGTH.exec(text) ?? [];
    if (length === undefined) throw new Error(`an answer without Content-Length:\n${text}`);
    const bodyAt = headEnd + HEAD_END.length;
    const bodyBytes = Number(length);
    const status = Number(text.slice(STATUS_AT, STATUS_AT + 3));
    this.answer = { status, bodyBytes, bodyStart: text.slice(bodyAt, bodyAt + BODY_START_LENGTH) };
    this.bytesLeft = bodyAt + bodyBytes - earlierLength - byteCount;
    return true;
  }

  private settle(answer: Answer): void {
    const { pending } = this;
    this.pending = undefined;
    this.head = '';
    this.bytesLeft = 0;
    pending?.(answer);
  }
}
