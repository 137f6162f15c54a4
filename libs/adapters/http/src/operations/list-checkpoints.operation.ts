// GET /api/v1/balance/checkpoints
import { ListCheckpointsQuery } from '@deltabook/application';
import {
  CHECKPOINTS_PER_PAGE,
  LIST_CHECKPOINTS,
  type CheckpointListQuery,
  type CheckpointListReply,
} from '@deltabook/contracts';
import { monthsOf } from '@deltabook/domain';
import type { QueryBus } from '@nestjs/cqrs';
import type { Call, Operation } from '../operation';
import { scopeOf, timeScopeOf } from './call-origin';
import { checkpointFields } from './checkpoint-replies';
import { foundOf, wholeNumberOf } from './read-result';

export class ListCheckpointsOperation implements Operation<unknown, CheckpointListQuery> {
  readonly contract = LIST_CHECKPOINTS;

  constructor(private readonly bus: Pick<QueryBus, 'execute'>) {}

  async handle(call: Call<unknown, CheckpointListQuery>): Promise<string> {
    const limit = wholeNumberOf(call.query.limit, CHECKPOINTS_PER_PAGE);
    const offset = wholeNumberOf(call.query.offset, 0);
    const { first, last } = monthsOf(timeScopeOf(call.query, call.now));
    const query = new ListCheckpointsQuery(scopeOf(call), {
      customerId: call.query.customerId,
      firstPeriod: first,
      lastPeriod: last,
      limit,
      offset,
    });
    const { value, position } = foundOf(await this.bus.execute(query));
    const reply: CheckpointListReply = {
      checkpoints: value.checkpoints.map(checkpointFields),
      pagination: { limit, offset, total: value.total },
      position: String(position),
    };
    return JSON.stringify(reply);
  }
}
