// What main and reader thread say to each other.
import type { StreamRange } from '@deltabook/application';
import type { LogRow } from './log-follower';

export interface ReadRequest {
  readonly id: number;
  readonly stream: string;
  readonly range: StreamRange;
}

export interface ReadReply {
  readonly id: number;
  readonly rows?: readonly LogRow[];
  readonly error?: string;
}

export type ReaderMessage =
  'ready' | { readonly catchUp: readonly [done: number, total: number] } | readonly ReadReply[];
