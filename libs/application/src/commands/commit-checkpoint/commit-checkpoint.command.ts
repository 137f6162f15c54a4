// CommitCheckpoint: locks one customer's deltas of a UTC month, in the customer's own stream.
import type { CheckpointRefusalCode, Period, PlacedCheckpoint } from '@deltabook/domain';
import { Command } from '@nestjs/cqrs';
import type { Position } from '../../ports/event-store.port';
import type { CustomerNames, Origin, WriteRefusalCode } from '../emit-delta/emit-delta.command';

export type CheckpointOutcome =
  | {
      /** `repeated` when nothing was added since: it is the period's checkpoint already. */
      readonly kind: 'committed' | 'repeated';
      readonly customer: CustomerNames;
      readonly checkpoint: PlacedCheckpoint;
      /** Reads with minPosition = this see the checkpoint. */
      readonly position: Position;
    }
  | { readonly kind: 'refused'; readonly code: CheckpointRefusalCode | WriteRefusalCode };

export class CommitCheckpointCommand extends Command<CheckpointOutcome> {
  constructor(
    readonly origin: Origin,
    readonly customerId: string,
    readonly period: Period,
  ) {
    super();
  }
}
