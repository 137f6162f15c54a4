// The checkpoints of one customer as its history has them, in one hash: they need no memory each,
// and what is served of them has to lead to the same.
import { nanoOf, type CheckpointCommitted, type CustomerRecordOpened } from '@deltabook/domain';
import type { Sha256Hex } from '@deltabook/integrity';
import type { CheckpointRow } from '../read-models/checkpoint-rows';

export class CheckpointChain {
  private count = 0;
  private chain = '';

  constructor(private readonly sha256Hex: Sha256Hex) {}

  /** The next one of the stream, at a revision of it. */
  take(owner: CustomerRecordOpened, event: CheckpointCommitted, revision: number): void {
    const { reference, tenant, environment, customerId } = owner;
    const { period, sequence, deltaCount, proofRoot, supersedes = null } = event;
    this.add({
      ...{ reference, tenant, environment, customerId, revision },
      ...{ period, sequence, deltaCount, proofRoot, supersedes },
      openingNano: nanoOf(event.openingBalance),
      balanceNano: nanoOf(event.balance),
      committedAt: Date.parse(event.committedAt),
    });
  }

  /** One line where rows, in order of revision, are others than those taken; else undefined. */
  difference(served: readonly CheckpointRow[]): string | undefined {
    const chain = new CheckpointChain(this.sha256Hex);
    for (const row of served) chain.add(row);
    if (chain.chain === this.chain) return undefined;
    if (chain.count === this.count) return 'a checkpoint is served altered';
    return `${chain.count} checkpoints are served, ${this.count} are in the log`;
  }

  private add(row: CheckpointRow): void {
    this.count += 1;
    this.chain = this.sha256Hex(`${this.chain}${textOf(row)}`);
  }
}

function textOf(row: CheckpointRow): string {
  const { reference, tenant, environment, customerId } = row;
  const { revision, period, sequence, deltaCount, openingNano, balanceNano } = row;
  const { proofRoot, committedAt, supersedes } = row;
  const amounts = [openingNano.toString(), balanceNano.toString()];
  return JSON.stringify([
    ...[reference, tenant, environment, customerId],
    ...[revision, period, sequence, deltaCount, ...amounts],
    ...[proofRoot, committedAt, supersedes],
  ]);
}
