// From a body of the right form to a delta: what forms cannot say, amounts and calendars, is read
// here, once for every door.
import type { EmitDeltaBody } from '@deltabook/contracts';
import { parseDelta, parseTime, timeText, type AmountProblem } from '@deltabook/domain';
import type { Json } from '@deltabook/integrity';
import type { DeltaRequest } from './emit-delta.command';

/** Why a body of the right form is no delta. */
export type DeltaProblem =
  { readonly kind: 'amount'; readonly problem: AmountProblem } | { readonly kind: 'occurredAt' };

export type DeltaRequestResult =
  | { readonly ok: true; readonly request: DeltaRequest }
  | { readonly ok: false; readonly problem: DeltaProblem };

const BAD_TIME: DeltaRequestResult = { ok: false, problem: { kind: 'occurredAt' } };

/** Reads a body that its contract's form accepts; null members count as absent. */
export function deltaRequestOf(body: EmitDeltaBody): DeltaRequestResult {
  const amount = parseDelta(body.delta);
  if (!amount.ok) return { ok: false, problem: { kind: 'amount', problem: amount.problem } };
  let occurredAt: string | undefined;
  if (typeof body.occurredAt === 'string') {
    const ms = parseTime(body.occurredAt);
    if (ms === undefined) return BAD_TIME;
    occurredAt = timeText(ms);
  }
  const request = {
    customerId: body.customerId,
    nano: amount.nano,
    reason: body.reason,
    referenceId: body.referenceId ?? undefined,
    metadata: (body.metadata ?? undefined) as { readonly [key: string]: Json } | undefined,
    occurredAt,
    adjusts: body.adjusts ?? undefined,
  };
  return { ok: true, request };
}
