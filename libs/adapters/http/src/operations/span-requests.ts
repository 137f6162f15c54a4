// Which run of deltas a derive or compare asks for, and how replies say which it was.
import type { DerivedBalance, SpanWanted, StartingPoint } from '@deltabook/application';
import type { ScopeQuery, SpanFields, StartingCheckpointType } from '@deltabook/contracts';
import { formatNano, parseBalance, timeText } from '@deltabook/domain';
import { ApiError } from '../api-error';
import { balanceError } from '../validation/request-error';
import { timeScopeOf } from './call-origin';

/** Members of a query or body that name a span. */
export interface SpanRequest extends Nullable<Omit<ScopeQuery, 'minPosition'>> {
  readonly startingBalance?: number | string | null | undefined;
  readonly startingCheckpoint?: string | null | undefined;
  readonly startingCheckpointType?: StartingCheckpointType | null | undefined;
}

type Nullable<T> = { readonly [Name in keyof T]?: T[Name] | null | undefined };

/** Throws an ApiError that says what is wrong with it. */
export function spanWantedOf(request: SpanRequest, now: number): SpanWanted {
  const scope = timeScopeOf(request, now);
  const { startingCheckpoint, startingCheckpointType } = request;
  const start =
    typeof startingCheckpoint === 'string'
      ? startOf(startingCheckpoint, startingCheckpointType ?? undefined)
      : undefined;
  if (!start || !scope) return { start, scope };
  const reason = 'startingCheckpoint takes no period, timePreset or dates';
  throw new ApiError('INVALID_SCOPE_COMBINATION', { reason });
}

const KIND_OF_TYPE = {
  itemsRoot: 'root',
  proofRoot: 'root',
  anchorId: 'record',
  recordId: 'record',
} as const satisfies Record<StartingCheckpointType, StartingPoint['kind']>;

/** A checkpointId goes with every type; a record and a root are told apart by their forms. */
function startOf(text: string, type: StartingCheckpointType | undefined): StartingPoint {
  if (text.startsWith('chk_')) return { kind: 'checkpoint', checkpointId: text };
  const start: StartingPoint = text.startsWith('rec_')
    ? { kind: 'record', recordId: text }
    : { kind: 'root', proofRoot: text.toLowerCase() };
  if (type === undefined || KIND_OF_TYPE[type] === start.kind) return start;
  const reason = `is not what startingCheckpointType ${type} says`;
  throw new ApiError('VALIDATION_FAILED', { field: 'startingCheckpoint', reason });
}

/**
 * The balance to start with, in nano units: the caller's; else at a starting point its own, so that
 * a balance from there equals the balance from zero; else 0.
 */
export function startingNanoOf(request: SpanRequest, { span }: DerivedBalance): bigint {
  const { startingBalance, startingCheckpoint } = request;
  const given = balanceNanoOf('startingBalance', startingBalance ?? undefined);
  return given ?? (typeof startingCheckpoint === 'string' ? span.before.balanceNano : 0n);
}

/** Undefined for none; throws INVALID_AMOUNT. */
export function balanceNanoOf(
  field: string,
  value: number | string | undefined,
): bigint | undefined {
  if (value === undefined) return undefined;
  const parsed = parseBalance(value);
  if (parsed.ok) return parsed.nano;
  throw balanceError(field, parsed.problem);
}

export interface SpanReplyParts {
  readonly request: SpanRequest;
  readonly wanted: SpanWanted;
  readonly found: DerivedBalance;
  readonly startingNano: bigint;
  readonly position: bigint;
}

export function spanFields(parts: SpanReplyParts): SpanFields {
  const { request, wanted, found, startingNano, position } = parts;
  const { before, last } = found.span;
  const count = last.sequence - before.sequence;
  const startingBalanceDecimal = formatNano(startingNano);
  const { period, fromMs, beforeMs } = wanted.scope ?? NO_SCOPE;
  return {
    customerId: found.row.customerId,
    startingBalance: Number(startingBalanceDecimal),
    startingBalanceDecimal,
    deltasCount: count,
    deltaCount: count,
    startingSequenceNumber: before.sequence,
    latestReceiptId: last.receiptId,
    itemsRoot: last.receiptId,
    proofRoot: last.receiptId,
    startingCheckpoint: request.startingCheckpoint ?? null,
    period: period ?? null,
    startDate: timeOrNull(fromMs),
    endDate: timeOrNull(beforeMs),
    position: String(position),
  };
}

const NO_SCOPE = { period: undefined, fromMs: undefined, beforeMs: undefined };

/** The starting balance plus every delta of the span. */
export function closingNanoOf({ span }: DerivedBalance, startingNano: bigint): bigint {
  return startingNano + span.last.balanceNano - span.before.balanceNano;
}

function timeOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : timeText(ms);
}
