// A reply whose text is written piece by piece, since it may be longer than memory should hold.

export interface TextReply {
  readonly contentType: string;
  /** Name to save it under, where it is a file; else it is JSON for the success envelope. */
  readonly fileName?: string;
  /** May throw at any piece: then the reply fails, or breaks off when it has begun. */
  readonly texts: AsyncGenerator<string, void, undefined>;
}
