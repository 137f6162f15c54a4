// In which order the query thread answers: questions about rows first, since writes wait for them,
// then lists for a slice of time, so that many lists never keep the thread from the next write.
import type { Query } from './query-messages';

/** How long lists are answered in one go. */
const LISTS_SLICE_MS = 2;

/** True for what is answered from the lists in memory. */
const needsLists = ({ name }: Query): boolean => name === 'page' || name === 'totals';

export interface QueryQueueParts {
  /** Answers questions and sends the replies in one message. */
  readonly answer: (queries: Iterable<Query>) => void;
  readonly elapsedMs: () => number;
}

export class QueryQueue {
  private rows: Query[] = [];
  private lists: Query[] = [];
  private hasLists = false;

  constructor(private readonly parts: QueryQueueParts) {}

  /** True while something can be answered. */
  get isDue(): boolean {
    return this.rows.length > 0 || (this.hasLists && this.lists.length > 0);
  }

  add(queries: readonly Query[]): void {
    for (const query of queries) (needsLists(query) ? this.lists : this.rows).push(query);
  }

  /** Until this is said, questions that need the lists wait. */
  listsAreFilled(): void {
    this.hasLists = true;
  }

  /** Answers all questions about rows and some that need the lists. */
  turn(): void {
    if (this.rows.length > 0) {
      const queries = this.rows;
      this.rows = [];
      this.parts.answer(queries);
    }
    if (this.hasLists && this.lists.length > 0) this.parts.answer(this.slice());
  }

  /** Lists in the order they were asked for, at least one. */
  private *slice(): Generator<Query> {
    const { lists } = this;
    const startedAt = this.parts.elapsedMs();
    let count = 0;
    while (count < lists.length) {
      const query = lists[count];
      count += 1;
      if (query) yield query;
      if (this.parts.elapsedMs() - startedAt >= LISTS_SLICE_MS) break;
    }
    this.lists = lists.slice(count);
  }
}
