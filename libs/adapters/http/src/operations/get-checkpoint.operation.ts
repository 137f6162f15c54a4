// GET /api/v1/balance/checkpoints/:checkpointId
import { GetCheckpointQuery } from '@deltabook/application';
import { GET_CHECKPOINT, type CheckpointParams, type ReadQuery } from '@deltabook/contracts';
import type { QueryBus } from '@nestjs/cqrs';
import type { Call, Operation } from '../operation';
import { scopeOf } from './call-origin';
import { foundCheckpointReply } from './checkpoint-replies';
import { foundOf } from './read-result';

export class GetCheckpointOperation implements Operation<unknown, ReadQuery, CheckpointParams> {
  readonly contract = GET_CHECKPOINT;

  constructor(private readonly bus: Pick<QueryBus, 'execute'>) {}

  async handle(call: Call<unknown, ReadQuery, CheckpointParams>): Promise<string> {
    const query = new GetCheckpointQuery(scopeOf(call), call.params.checkpointId);
    const { value, position } = foundOf(await this.bus.execute(query));
    return JSON.stringify(foundCheckpointReply(value, position));
  }
}
