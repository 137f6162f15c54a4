// EmitDeltas: many deltas at once, for doors that read them from somewhere in order. Each is
// decided as if it had come alone; no customer's delta overtakes an earlier one.
import type { KeySource } from '@deltabook/domain';
import { Command } from '@nestjs/cqrs';
import type { DeltaSequence } from '../../write-path/delta-sequence';
import type { DeltaRequest, EmitOutcome, Origin } from '../emit-delta/emit-delta.command';

export interface SequencedDelta {
  readonly origin: Origin;
  readonly delta: DeltaRequest;
  readonly keySource: KeySource | undefined;
}

/** Outcomes by delta, in order. `sequence` spans all commands whose deltas follow each other. */
export class EmitDeltasCommand extends Command<readonly EmitOutcome[]> {
  constructor(
    readonly deltas: readonly SequencedDelta[],
    readonly sequence: DeltaSequence,
  ) {
    super();
  }
}
