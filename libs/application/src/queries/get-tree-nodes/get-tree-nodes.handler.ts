// The handler of GetTreeNodes: nodes come from the tiles of the customer's tree, some at a time, so
// that hashing a long row leaves room for other requests.
import { levelNodes, levelSpan, topRow, type LevelRequest, type Span } from '@deltabook/integrity';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { SealedHistories, type SealedHistory } from '../../receipts/sealed-histories';
import type { ReadResult } from '../read-result';
import { RecordFinder } from '../record-finder';
import {
  GetTreeNodesQuery,
  type FoundTreeNodes,
  type TreeNodesRefusal,
} from './get-tree-nodes.query';

/** Nodes made without a pause; each is hashed from at most 128 that are stored. */
const NODES_AT_ONCE = 32;

@QueryHandler(GetTreeNodesQuery)
export class GetTreeNodesHandler implements IQueryHandler<GetTreeNodesQuery> {
  constructor(
    private readonly finder: RecordFinder,
    private readonly histories: SealedHistories,
  ) {}

  async execute(query: GetTreeNodesQuery): Promise<ReadResult<FoundTreeNodes, TreeNodesRefusal>> {
    const found = await this.finder.find(query.scope, query.customerId);
    if (found.kind === 'refused') return found;
    const { position, value } = found;
    const refused = (code: TreeNodesRefusal) => ({ kind: 'refused', code, position }) as const;
    const history = await this.histories.of(value.row.reference);
    if (typeof history === 'string') return refused(history);
    const request = query.request ?? topRow(history.size);
    if (request.size > history.size) return refused('NOT_VERIFIED_YET');
    const nodes = await this.nodesOf(history, request);
    return { kind: 'found', position, value: { row: value.row, history, request, nodes } };
  }

  private async nodesOf(history: SealedHistory, request: LevelRequest): Promise<Uint8Array[]> {
    const nodes: Uint8Array[] = [];
    while (nodes.length < request.count) {
      const from = request.from + nodes.length;
      const count = Math.min(NODES_AT_ONCE, request.count - nodes.length);
      const part = { ...request, from, count };
      const readNode = await this.histories.nodes(history, spansOf(part));
      nodes.push(...levelNodes(part, readNode, this.histories.sources.hashes.sha256));
    }
    return nodes;
  }
}

function spansOf({ level, from, count, size }: LevelRequest): Span[] {
  return Array.from({ length: count }, (_, at) => levelSpan(level, from + at, size));
}
