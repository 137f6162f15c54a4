// EmitDelta: one command for every door (HTTP, batch, Kafka, import).
import type { Adjusts, EmittedDelta, Environment, KeySource, RefusalCode } from '@deltabook/domain';
import type { Json } from '@deltabook/integrity';
import { Command } from '@nestjs/cqrs';
import type { Position } from '../../ports/event-store.port';
import type { DeltaStatus } from '../../queries/delta-view';

/**
 * A validated delta: amounts in nano units, occurredAt
 * normalised to RFC 3339 UTC with 3 fraction digits.
 */
export interface DeltaRequest {
  readonly customerId: string;
  readonly nano: bigint;
  readonly reason: string;
  readonly referenceId?: string | undefined;
  readonly metadata?: { readonly [key: string]: Json } | undefined;
  readonly occurredAt?: string | undefined;
  readonly adjusts?: Adjusts | undefined;
}

/** Where a command came from. */
export interface Origin {
  readonly tenant: string;
  readonly environment: Environment;
  readonly door: 'http' | 'batch' | 'kafka' | 'import' | 'job';
  /** Public id of the API key, or the topic. */
  readonly actor: string;
  readonly correlationId: string;
  /** Milliseconds since the epoch, stamped at the door. */
  readonly now: number;
}

/** Why a command was refused, beyond the domain's own refusals. */
export type WriteRefusalCode =
  | RefusalCode
  | 'TENANT_UNKNOWN'
  | 'EVENT_TOO_LARGE'
  | 'TENANT_OVERLOADED'
  | 'CUSTOMER_OVERLOADED'
  | 'SERVICE_OVERLOADED'
  | 'STORE_FULL'
  | 'STORE_UNAVAILABLE'
  | 'CONTENTION'
  | 'PROJECTION_BUILDING'
  | 'SHUTTING_DOWN';

/** The customer as replies name it. */
export interface CustomerNames {
  readonly customerId: string;
  /** `0x` + 40 hex, checksum-cased. */
  readonly reference: string;
  /** See recordId() of the domain. */
  readonly recordIdPrefix: string;
}

export type EmitOutcome =
  | {
      readonly kind: 'emitted' | 'repeated';
      readonly customer: CustomerNames;
      readonly delta: EmittedDelta;
      /**
       * Reads with minPosition = this see the delta. For a repeat: today's head of what was read.
       */
      readonly position: Position;
      /** QUEUED for a new delta; a repeat's is today's. */
      readonly status: DeltaStatus;
    }
  | {
      readonly kind: 'refused';
      readonly code: WriteRefusalCode;
      /** Set where trying again later can help. */
      readonly retryAfterSeconds?: number;
    };

/** Emit one delta for one customer; keyless when `keySource` is undefined. */
export class EmitDeltaCommand extends Command<EmitOutcome> {
  constructor(
    readonly origin: Origin,
    readonly delta: DeltaRequest,
    readonly keySource: KeySource | undefined,
  ) {
    super();
  }
}
