// EmitBatch: many deltas in one request; each item has its own outcome.
import type { KeySource } from '@deltabook/domain';
import { Command } from '@nestjs/cqrs';
import type {
  DeltaRequest,
  EmitOutcome,
  Origin,
  WriteRefusalCode,
} from '../emit-delta/emit-delta.command';

/** One item: a validated delta with its own key, or an error code found at the door. */
export type BatchItem =
  | { readonly delta: DeltaRequest; readonly keySource: KeySource | undefined }
  | { readonly invalid: string };

/** The header key of a whole batch, claimed once by BatchAccepted. */
export interface BatchClaim {
  readonly key: string;
  /** Canonical text (RFC 8785) of the request body as it was sent. */
  readonly bodyText: string;
}

/** Outcomes by item, in order; undefined for invalid ones. Or the whole batch was refused. */
export type BatchOutcome =
  | { readonly kind: 'answered'; readonly outcomes: readonly (EmitOutcome | undefined)[] }
  | {
      readonly kind: 'refused';
      readonly code: WriteRefusalCode;
      readonly retryAfterSeconds?: number;
    };

export class EmitBatchCommand extends Command<BatchOutcome> {
  constructor(
    readonly origin: Origin,
    readonly items: readonly BatchItem[],
    readonly claim: BatchClaim | undefined,
  ) {
    super();
  }
}
