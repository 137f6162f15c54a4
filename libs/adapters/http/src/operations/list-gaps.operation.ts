// GET /api/v1/balance/gaps/:customerId
import { ListGapsQuery } from '@deltabook/application';
import {
  GAPS_PER_PAGE,
  LIST_GAPS,
  type CustomerParams,
  type GapsQuery,
  type GapsReply,
} from '@deltabook/contracts';
import type { QueryBus } from '@nestjs/cqrs';
import type { Call, Operation } from '../operation';
import { scopeOf } from './call-origin';
import { customerIdOf, foundOf, wholeNumberOf } from './read-result';

export class ListGapsOperation implements Operation<unknown, GapsQuery, CustomerParams> {
  readonly contract = LIST_GAPS;

  constructor(private readonly bus: Pick<QueryBus, 'execute'>) {}

  async handle(call: Call<unknown, GapsQuery, CustomerParams>): Promise<string> {
    const customerId = customerIdOf(call.params.customerId);
    const { fromSequence, toSequence, limit } = call.query;
    const query = new ListGapsQuery(scopeOf(call), customerId, {
      fromSequence: wholeNumberOf(fromSequence, 1),
      toSequence: toSequence === undefined ? undefined : Number(toSequence),
      limit: wholeNumberOf(limit, GAPS_PER_PAGE),
    });
    const { value, position } = foundOf(await this.bus.execute(query));
    const { row, range, gaps, next } = value;
    const reply: GapsReply = {
      customerId,
      fromSequence: range.first,
      toSequence: range.last,
      totalDeltas: row.totalDeltas,
      verifiedDeltas: row.verifiedDeltas,
      hasGaps: gaps.length > 0,
      gaps: gaps.map(({ first, last }) => ({ fromSequence: first, toSequence: last })),
      nextSequence: next ?? null,
      ...(row.fenced ? { fenced: true } : {}),
      position: String(position),
    };
    return JSON.stringify(reply);
  }
}
