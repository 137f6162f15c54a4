// A list that comes in pages: awaited it is its first page, iterated it is every row of all pages.

/** How to get from page to page. */
export interface Paging<Query, Reply, Row> {
  readonly load: (query: Query) => Promise<Reply>;
  readonly rows: (reply: Reply) => readonly Row[];
  /** Query of the page after, or undefined at the end. */
  readonly next: (reply: Reply, query: Query) => Query | undefined;
}

/** Nothing is sent before it is awaited or iterated; awaiting it again gives the same reply. */
export class Paged<Reply, Row> implements Promise<Reply>, AsyncIterable<Row> {
  readonly [Symbol.toStringTag] = 'Paged';
  private first: Promise<Reply> | undefined;
  private readonly readPages: () => AsyncGenerator<Reply, void, undefined>;

  private constructor(
    private readonly loadFirst: () => Promise<Reply>,
    readPages: (first: Promise<Reply>) => AsyncGenerator<Reply, void, undefined>,
    private readonly rowsOf: (reply: Reply) => readonly Row[],
  ) {
    this.readPages = () => readPages(this.firstPage());
  }

  static of<Query, Reply, Row>(query: Query, paging: Paging<Query, Reply, Row>): Paged<Reply, Row> {
    const readPages = async function* (first: Promise<Reply>) {
      let reply = await first;
      yield reply;
      for (let next = paging.next(reply, query); next !== undefined;) {
        reply = await paging.load(next);
        yield reply;
        next = paging.next(reply, next);
      }
    };
    return new Paged(() => paging.load(query), readPages, paging.rows);
  }

  /** Every page's whole reply, one after the other. */
  pages(): AsyncIterable<Reply> {
    return this.readPages();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Row, void, undefined> {
    for await (const reply of this.readPages()) yield* this.rowsOf(reply);
  }

  then<Value = Reply, Failure = never>(
    onReply?: ((reply: Reply) => Value | PromiseLike<Value>) | null,
    onFailure?: ((reason: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<Value | Failure> {
    return this.firstPage().then(onReply, onFailure);
  }

  catch<Failure = never>(
    onFailure?: ((reason: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<Reply | Failure> {
    return this.firstPage().catch(onFailure);
  }

  finally(onEnd?: (() => void) | null): Promise<Reply> {
    return this.firstPage().finally(onEnd);
  }

  private firstPage(): Promise<Reply> {
    this.first ??= this.loadFirst();
    return this.first;
  }
}
