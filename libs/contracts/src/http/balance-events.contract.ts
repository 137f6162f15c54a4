// GET /api/v1/balance/events: a stream of server-sent events, one for each thing that happened to
// the customers of the key's environment. `id` of an event is its position in the log.
import { IsIn, IsInt, IsOptional, IsString } from 'class-validator';
import { ActivityItem } from './customer-activity';
import { IsPositionText } from './query-text';

export const BALANCE_EVENT_TYPES = ['delta.recorded', 'deltas.verified'] as const;

export class BalanceEventsQuery {
  /** Only events of this customer. */
  @IsOptional()
  @IsString()
  readonly customerId?: string;

  /** Events after this position; header Last-Event-ID stands for it. From now when not given. */
  @IsOptional()
  @IsPositionText()
  readonly after?: string;
}

/** Event `delta.recorded`: a delta is durable. */
export class DeltaRecorded extends ActivityItem {
  @IsIn(['delta.recorded'])
  readonly type!: 'delta.recorded';

  @IsString()
  readonly customerId!: string;

  @IsString()
  readonly customerReference!: string;

  @IsString()
  readonly position!: string;
}

/** Event `deltas.verified`: the customer's deltas up to a sequence number are verified. */
export class DeltasVerified {
  @IsIn(['deltas.verified'])
  readonly type!: 'deltas.verified';

  @IsString()
  readonly customerId!: string;

  @IsString()
  readonly customerReference!: string;

  /** sequenceNumber of the last verified delta. */
  @IsInt()
  readonly verifiedThrough!: number;

  @IsString()
  readonly position!: string;
}

export type BalanceEvent = DeltaRecorded | DeltasVerified;
