// Reads your own writes: the furthest position that this client's writes were answered with, so
// that a read waits for them, on whichever process of the service it lands.

export class SeenPosition {
  private furthest: bigint | undefined;

  constructor(private readonly isUsed: boolean) {}

  /** Takes note of a write's reply; returns it. */
  note<Reply extends object>(reply: Reply): Reply {
    const position = 'position' in reply ? reply.position : undefined;
    if (typeof position !== 'string' || !/^\d{1,19}$/.test(position)) return reply;
    const value = BigInt(position);
    if (this.furthest === undefined || value > this.furthest) this.furthest = value;
    return reply;
  }

  /** The query with a minPosition, unless the caller gave one. */
  addTo<Query extends object>(query: Query): Query & { readonly minPosition?: string } {
    if (!this.isUsed || this.furthest === undefined) return query;
    return { minPosition: String(this.furthest), ...query };
  }
}
