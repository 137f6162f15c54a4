// pac.balance: one method for each thing that can be done with customers' balances.
import type {
  CheckpointBody,
  CheckpointReply,
  CheckpointsReply,
  CompareBody,
  CompareReply,
  DeltaReply,
  EmitBatchBody,
  EmitBatchReply,
  EmitDeltaBody,
  EmitDeltaReply,
} from '@deltabook/contracts';
import { BalanceReceipts } from './balance-receipts';
import { batchInput } from './batch-keys';
import * as routes from './routes';
import { splitOptions } from './split-options';
import type { CallOptions, WriteOptions } from './request';
import { hasEnded, waitUntilEnded, type WaitOptions } from './wait-for-verified';

/** The optional fields of a delta. */
export type DeltaOptions = Omit<EmitDeltaBody, 'customerId' | 'delta' | 'reason'>;
export type EmitOptions = DeltaOptions & WriteOptions;
export type CheckpointOptions = Omit<CheckpointBody, 'customerId'> & WriteOptions;
export type CompareOptions = Omit<CompareBody, 'customerId' | 'yourBalance' | 'theirBalance'> &
  CallOptions;

/** Two claims about one balance: numbers, or exact decimal texts. */
export interface Claims {
  readonly yours: number | string;
  readonly theirs: number | string;
}

export class Balance extends BalanceReceipts {
  /**
   * Records a delta: a signed, non-zero amount. Resolves once it is durable; `status` is QUEUED
   * until it is verified. However often the request is sent on the way, it counts once. Takes all
   * of it as one object, too.
   */
  emit(
    customerId: string,
    delta: number | string,
    reason: string,
    options?: EmitOptions,
  ): Promise<EmitDeltaReply>;
  emit(delta: EmitDeltaBody & WriteOptions): Promise<EmitDeltaReply>;
  async emit(
    first: string | (EmitDeltaBody & WriteOptions),
    delta: number | string = '',
    reason = '',
    options: EmitOptions = {},
  ): Promise<EmitDeltaReply> {
    const { call, sent: body } = splitOptions(
      typeof first === 'string' ? { customerId: first, delta, reason, ...options } : first,
    );
    const { transport, seen } = this.using;
    return seen.note(await transport.call(routes.EMIT_DELTA_ROUTE, { body, kind: 'write' }, call));
  }

  /** As emit, and waits until the delta is VERIFIED or FAILED; `timeout` is that of the waiting. */
  async emitAndWait(
    customerId: string,
    delta: number | string,
    reason: string,
    options: EmitOptions & WaitOptions = {},
  ): Promise<EmitDeltaReply | DeltaReply> {
    const { timeout, pollInterval, ...emitOptions } = options;
    const emitted = await this.emit(customerId, delta, reason, emitOptions);
    if (hasEnded(emitted)) return emitted;
    const read = (signal: AbortSignal): Promise<DeltaReply> =>
      this.deltaStatus(emitted.recordId, { signal });
    return waitUntilEnded(emitted.recordId, read, options);
  }

  /**
   * Records many deltas in one request; a refused item is FAILED in `results` and stops no other.
   * The whole batch has one idempotency key, or, where an item has its own, every item has one.
   */
  async emitBatch(
    deltas: EmitBatchBody['deltas'],
    options: WriteOptions = {},
  ): Promise<EmitBatchReply> {
    const { transport, seen } = this.using;
    const input = await batchInput(deltas);
    const reply = await transport.call(routes.EMIT_BATCH_ROUTE, input, options);
    for (const result of reply.results) seen.note(result);
    return seen.note(reply);
  }

  /** Says which of two claims about a balance the recorded history bears out. */
  compare(customerId: string, claims: Claims, options: CompareOptions = {}): Promise<CompareReply> {
    const { call, sent } = splitOptions(options);
    const { yours: yourBalance, theirs: theirBalance } = claims;
    const body = { customerId, yourBalance, theirBalance, ...sent };
    const query = this.using.seen.addTo({});
    return this.using.transport.call(routes.COMPARE_ROUTE, { body, query, kind: 'read' }, call);
  }

  /**
   * Locks balance and proof root of a UTC month, the current one without period. Without customerId
   * for all customers, one after the other: checkpointStatus() says how far they are.
   */
  checkpoint(customerId: string, options?: CheckpointOptions): Promise<CheckpointReply>;
  checkpoint(customerId?: undefined, options?: CheckpointOptions): Promise<CheckpointsReply>;
  async checkpoint(
    customerId?: string,
    options: CheckpointOptions = {},
  ): Promise<CheckpointReply | CheckpointsReply> {
    const { call, sent } = splitOptions(options);
    const body = customerId === undefined ? sent : { customerId, ...sent };
    const { transport, seen } = this.using;
    const input = { body, kind: 'write' } as const;
    return seen.note(await transport.call(routes.CREATE_CHECKPOINT_ROUTE, input, call));
  }
}
