// What travels through the door: one JSON text a line. A request, then any number of progress
// lines, then a result or an error, then the connection ends.
import type { Json } from '@deltabook/integrity';
import type { OperatorArgs } from './operator-handler';

export interface DoorRequest {
  readonly command: string;
  readonly args: OperatorArgs;
}

export type DoorReply =
  | { readonly progress: Json }
  | { readonly result: Json }
  | { readonly error: { readonly code: string; readonly message: string } };

export function messageLine(message: DoorRequest | DoorReply): string {
  return `${JSON.stringify(message)}\n`;
}

/** The request of a line; undefined when it is none. */
export function parseDoorRequest(line: string): DoorRequest | undefined {
  const value = parsed(line) as Partial<DoorRequest> | undefined;
  if (typeof value?.command !== 'string') return undefined;
  const { command, args } = value;
  if (typeof args !== 'object' || args === null || Array.isArray(args)) return undefined;
  return { command, args };
}

/** The reply of a line; undefined when it is none. */
export function parseDoorReply(line: string): DoorReply | undefined {
  const value = parsed(line);
  const known = value && ('progress' in value || 'result' in value || 'error' in value);
  return known ? (value as DoorReply) : undefined;
}

function parsed(line: string): object | undefined {
  try {
    const value = JSON.parse(line) as unknown;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A line grew longer than agreed. */
export class LineTooLongError extends Error {
  constructor(lengthMax: number) {
    super(`a line is longer than ${lengthMax} characters`);
  }
}

/** Cuts what arrives into lines, of a bounded length each. */
export class LineSplitter {
  private rest = '';

  constructor(private readonly lengthMax: number) {}

  /** Lines that `chunk` completes. Throws LineTooLongError. */
  take(chunk: string): readonly string[] {
    const lines = (this.rest + chunk).split('\n');
    this.rest = lines.pop() ?? '';
    if (this.rest.length > this.lengthMax || lines.some(({ length }) => length > this.lengthMax)) {
      throw new LineTooLongError(this.lengthMax);
    }
    return lines;
  }
}
