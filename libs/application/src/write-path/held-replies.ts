// Replies of one round that wait until the next round's append is under way: telling many callers
// takes as long as storing their deltas, and the store need not stand idle meanwhile.

export class HeldReplies {
  private held: (() => void) | undefined;

  /** Keeps what is to be told; tells at once unless `hasNext` says that a round follows. */
  hold(tell: () => void, hasNext: boolean): void {
    this.tell();
    this.held = tell;
    if (!hasNext) this.tell();
  }

  /** Tells once the commit queue, which was handed an append before, has had its turn. */
  tellSoon(): void {
    if (this.held) setImmediate(() => this.tell());
  }

  tell(): void {
    const { held } = this;
    this.held = undefined;
    held?.();
  }
}
