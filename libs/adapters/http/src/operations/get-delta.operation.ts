// GET /api/v1/balance/delta/:recordId
import { GetDeltaQuery } from '@deltabook/application';
import { GET_DELTA, type DeltaParams, type ReadQuery } from '@deltabook/contracts';
import type { QueryBus } from '@nestjs/cqrs';
import type { Call, Operation } from '../operation';
import { scopeOf } from './call-origin';
import { deltaReply } from './read-replies';
import { foundOf } from './read-result';

export class GetDeltaOperation implements Operation<unknown, ReadQuery, DeltaParams> {
  readonly contract = GET_DELTA;

  constructor(private readonly bus: Pick<QueryBus, 'execute'>) {}

  async handle(call: Call<unknown, ReadQuery, DeltaParams>): Promise<string> {
    const query = new GetDeltaQuery(scopeOf(call), call.params.recordId);
    return JSON.stringify(deltaReply(foundOf(await this.bus.execute(query))));
  }
}
