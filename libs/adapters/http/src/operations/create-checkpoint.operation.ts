// POST /api/v1/balance/checkpoint
import { CommitCheckpointCommand, RequestCheckpointsCommand } from '@deltabook/application';
import { CREATE_CHECKPOINT, type CheckpointBody, type ErrorCode } from '@deltabook/contracts';
import { parsePeriod, periodOf, type Period } from '@deltabook/domain';
import type { CommandBus } from '@nestjs/cqrs';
import { ApiError } from '../api-error';
import type { Call, Operation } from '../operation';
import { customerFormError } from '../validation/request-error';
import { originOf, timeScopeOf } from './call-origin';
import { checkpointReply, checkpointsReply } from './checkpoint-replies';

export class CreateCheckpointOperation implements Operation<CheckpointBody> {
  readonly contract = CREATE_CHECKPOINT;
  readonly bodyError = customerFormError;

  constructor(private readonly bus: Pick<CommandBus, 'execute'>) {}

  async handle(call: Call<CheckpointBody>): Promise<string> {
    const { customerId } = call.body;
    const month = monthOf(call.body, call.now);
    return typeof customerId === 'string'
      ? this.forOne(call, customerId, month)
      : this.forAll(call, month);
  }

  private async forOne(call: Call, customerId: string, month: Period): Promise<string> {
    const command = new CommitCheckpointCommand(originOf(call, 'http'), customerId, month);
    const outcome = await this.bus.execute(command);
    if (outcome.kind !== 'refused') return JSON.stringify(checkpointReply(outcome));
    throw refusal(outcome.code);
  }

  private async forAll({ principal, correlationId, now }: Call, period: Period): Promise<string> {
    const { tenant, environment, keyId: actor } = principal;
    const origin = { door: 'http', actor, correlationId, now } as const;
    const command = new RequestCheckpointsCommand(origin, { tenant, environment, period });
    const outcome = await this.bus.execute(command);
    if (outcome.kind === 'refused') throw refusal(outcome.code);
    return JSON.stringify(checkpointsReply(outcome.standing, outcome.position));
  }
}

function refusal(code: ErrorCode): ApiError {
  return new ApiError(code, code === 'PERIOD_IN_FUTURE' ? { field: 'period' } : {});
}

/** The month that the body names, in whatever way; the current one when it names none. */
function monthOf(body: CheckpointBody, now: number): Period {
  const scope = timeScopeOf(body, now);
  const name = scope ? scope.period : periodOf(now);
  const period = name === undefined ? undefined : parsePeriod(name);
  if (period) return period;
  const reason = 'and endDate must be the first moments of a UTC month and of the next one';
  throw new ApiError('VALIDATION_FAILED', { field: 'startDate', reason });
}
