// GET /api/v1/balance/tree/:customerId
import { GetTreeNodesQuery } from '@deltabook/application';
import {
  GET_TREE_NODES,
  type CustomerParams,
  type TreeNodesQuery,
  type TreeNodesReply,
} from '@deltabook/contracts';
import { isLevelRequest, type LevelRequest } from '@deltabook/integrity';
import type { QueryBus } from '@nestjs/cqrs';
import { ApiError } from '../api-error';
import type { Call, Operation } from '../operation';
import { scopeOf } from './call-origin';
import { hashText, sealProofFields } from './proof-fields';
import { customerIdOf, foundOf } from './read-result';

export class GetTreeNodesOperation implements Operation<unknown, TreeNodesQuery, CustomerParams> {
  readonly contract = GET_TREE_NODES;

  constructor(private readonly bus: Pick<QueryBus, 'execute'>) {}

  async handle(call: Call<unknown, TreeNodesQuery, CustomerParams>): Promise<string> {
    const customerId = customerIdOf(call.params.customerId);
    const query = new GetTreeNodesQuery(scopeOf(call), customerId, requestOf(call.query));
    const { value, position } = foundOf(await this.bus.execute(query));
    const { row, history, request, nodes } = value;
    const { size, level, from } = request;
    const reply: TreeNodesReply = {
      customerId,
      customerReference: row.reference,
      seal: history.seal,
      sealProof: sealProofFields(history.sealProof),
      size,
      level,
      from,
      nodes: nodes.map(hashText),
      position: String(position),
    };
    return JSON.stringify(reply);
  }
}

/** Undefined where nothing is named. Throws VALIDATION_FAILED. */
function requestOf({ size, level, from, count }: TreeNodesQuery): LevelRequest | undefined {
  const texts = [size, level, from, count];
  const named = texts.filter((text) => text !== undefined);
  if (named.length === 0) return undefined;
  const [sizeNo = 0, levelNo = 0, fromNo = 0, countNo = 0] = named.map(Number);
  const request = { size: sizeNo, level: levelNo, from: fromNo, count: countNo };
  if (named.length === texts.length && isLevelRequest(request)) return request;
  const reason =
    'must be given with size, level and from, and name at most 512 nodes that the tree has';
  throw new ApiError('VALIDATION_FAILED', { field: 'count', reason });
}
