// POST /api/v1/balance/checkpoint
import { CommitCheckpointCommand } from '@deltabook/application';
import { CREATE_CHECKPOINT, type CheckpointBody } from '@deltabook/contracts';
import { parsePeriod, periodOf, type Period } from '@deltabook/domain';
import type { CommandBus } from '@nestjs/cqrs';
import { ApiError } from '../api-error';
import type { Call, Operation } from '../operation';
import { customerFormError } from '../validation/request-error';
import { originOf } from './call-origin';
import { checkpointReply } from './checkpoint-replies';

export class CreateCheckpointOperation implements Operation<CheckpointBody> {
  readonly contract = CREATE_CHECKPOINT;
  readonly bodyError = customerFormError;

  constructor(private readonly bus: Pick<CommandBus, 'execute'>) {}

  async handle(call: Call<CheckpointBody>): Promise<string> {
    const { customerId, period } = call.body;
    const month = monthOf(period ?? periodOf(call.now));
    const command = new CommitCheckpointCommand(originOf(call, 'http'), customerId, month);
    const outcome = await this.bus.execute(command);
    if (outcome.kind !== 'refused') return JSON.stringify(checkpointReply(outcome));
    const isPeriod = outcome.code === 'PERIOD_IN_FUTURE';
    throw new ApiError(outcome.code, isPeriod ? { field: 'period' } : {});
  }
}

function monthOf(text: string): Period {
  const period = parsePeriod(text);
  if (period) return period;
  const reason = 'must be a month such as 2026-04';
  throw new ApiError('VALIDATION_FAILED', { field: 'period', reason });
}
