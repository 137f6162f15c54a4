// POST /api/v1/balance/delta/batch: a malformed batch is refused whole, a wrong item alone.
import {
  deltaRequestOf,
  EmitBatchCommand,
  type BatchItem,
  type BatchOutcome,
} from '@deltabook/application';
import {
  BatchItemBody,
  EMIT_BATCH,
  EmitBatchBody,
  schemaOf,
  type JsonSchema,
} from '@deltabook/contracts';
import { isSummaryReferenceId, type KeySource } from '@deltabook/domain';
import type { CommandBus } from '@nestjs/cqrs';
import { ApiError } from '../api-error';
import type { Call, Operation } from '../operation';
import { deltaFormError, deltaProblemError } from '../validation/request-error';
import { compileValidator, validatorOf } from '../validation/validator';
import { claimOf } from './batch-claim';
import { batchReplyText, type ReadItem } from './batch-replies';
import { originOf } from './call-origin';

/** The body as it is checked at first: any items, each of which is checked by itself. */
interface RawBatch {
  readonly deltas: readonly unknown[];
}

export class EmitBatchOperation implements Operation<RawBatch> {
  readonly contract = EMIT_BATCH;
  readonly checkBody = compileValidator(schemaOfEnvelope());
  private readonly checkItem = validatorOf(BatchItemBody);

  constructor(private readonly bus: Pick<CommandBus, 'execute'>) {}

  async handle(call: Call<RawBatch>): Promise<string> {
    const { body, idempotencyKey } = call;
    const items = body.deltas.map((item, index) => this.read(item, index, idempotencyKey));
    const claim = idempotencyKey === undefined ? undefined : claimOf(idempotencyKey, body);
    const commandItems = items.map((item): BatchItem =>
      'error' in item
        ? { invalid: item.error.code }
        : { delta: item.request, keySource: item.keySource },
    );
    const command = new EmitBatchCommand(originOf(call, 'batch'), commandItems, claim);
    const outcome: BatchOutcome = await this.bus.execute(command);
    if (outcome.kind === 'answered') return batchReplyText(items, outcome.outcomes);
    const { code, retryAfterSeconds } = outcome;
    throw new ApiError(code, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
  }

  private read(body: unknown, index: number, headerKey: string | undefined): ReadItem {
    const violation = this.checkItem(body);
    if (violation) return { error: deltaFormError(violation, body), body };
    const item = body as BatchItemBody;
    const ownKey = item.idempotencyKey ?? undefined;
    if (headerKey !== undefined && ownKey !== undefined) {
      throw new ApiError('VALIDATION_FAILED', {
        field: `deltas/${index}/idempotencyKey`,
        reason: 'cannot be combined with the header Idempotency-Key',
      });
    }
    const read = deltaRequestOf(item);
    if (!read.ok) return { error: deltaProblemError(read.problem), body };
    return { request: read.request, keySource: keySourceOf(item, index, headerKey) };
  }
}

/** Where an item's key comes from: the header, the item, or the referenceId of a summary. */
function keySourceOf(
  { idempotencyKey, referenceId }: BatchItemBody,
  index: number,
  headerKey: string | undefined,
): KeySource | undefined {
  if (headerKey !== undefined) return { kind: 'batch', key: headerKey, index };
  if (typeof idempotencyKey === 'string') return { kind: 'caller', key: idempotencyKey };
  if (typeof referenceId !== 'string' || !isSummaryReferenceId(referenceId)) return undefined;
  return { kind: 'summary', referenceId };
}

function schemaOfEnvelope(): JsonSchema {
  const schema = schemaOf(EmitBatchBody);
  const { deltas } = schema['properties'] as { readonly deltas: JsonSchema };
  return { ...schema, properties: { deltas: { ...deltas, items: true } } };
}
