// POST /api/v1/balance/delta
import { deltaRequestOf, EmitDeltaCommand } from '@deltabook/application';
import { EMIT_DELTA, type EmitDeltaBody } from '@deltabook/contracts';
import type { CommandBus } from '@nestjs/cqrs';
import { ApiError } from '../api-error';
import type { Call, Operation } from '../operation';
import { deltaFormError, deltaProblemError } from '../validation/request-error';
import { originOf } from './call-origin';
import { emitReplyText } from './emit-replies';

export class EmitDeltaOperation implements Operation<EmitDeltaBody> {
  readonly contract = EMIT_DELTA;
  readonly bodyError = deltaFormError;

  constructor(private readonly bus: Pick<CommandBus, 'execute'>) {}

  async handle(call: Call<EmitDeltaBody>): Promise<string> {
    const read = deltaRequestOf(call.body);
    if (!read.ok) throw deltaProblemError(read.problem);
    const { request } = read;
    const key = call.idempotencyKey;
    const keySource = key === undefined ? undefined : ({ kind: 'caller', key } as const);
    const command = new EmitDeltaCommand(originOf(call, 'http'), request, keySource);
    const outcome = await this.bus.execute(command);
    if (outcome.kind !== 'refused') return emitReplyText(outcome, request);
    const { code, retryAfterSeconds } = outcome;
    throw new ApiError(code, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
  }
}
