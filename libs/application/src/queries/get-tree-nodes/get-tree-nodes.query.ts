// GetTreeNodes: a row of nodes of a customer's tree, for whoever compares histories with ours.
import type { LevelRequest } from '@deltabook/integrity';
import { Query } from '@nestjs/cqrs';
import type { SealedHistory, SealRefusal } from '../../receipts/sealed-histories';
import type { CustomerRow } from '../../read-models/rows';
import type { ReadResult, ReadScope } from '../read-result';
import type { RecordRefusal } from '../record-finder';

export interface FoundTreeNodes {
  readonly row: CustomerRow;
  /** The newest head that is signed. */
  readonly history: SealedHistory;
  readonly request: LevelRequest;
  readonly nodes: readonly Uint8Array[];
}

export type TreeNodesRefusal = RecordRefusal | SealRefusal;

export class GetTreeNodesQuery extends Query<ReadResult<FoundTreeNodes, TreeNodesRefusal>> {
  constructor(
    readonly scope: ReadScope,
    readonly customerId: string,
    /** As isLevelRequest() has it; the lowest level that fits into one reply when undefined. */
    readonly request: LevelRequest | undefined,
  ) {
    super();
  }
}
