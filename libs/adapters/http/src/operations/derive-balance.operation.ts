// GET /api/v1/balance/derive/:customerId
import { DeriveBalanceQuery } from '@deltabook/application';
import {
  DERIVE_BALANCE,
  DERIVED_DELTAS_PER_PAGE,
  type CustomerParams,
  type DeriveQuery,
  type DeriveReply,
} from '@deltabook/contracts';
import { formatNano, parseBalance } from '@deltabook/domain';
import type { QueryBus } from '@nestjs/cqrs';
import type { Call, Operation } from '../operation';
import { amountError } from '../validation/request-error';
import { scopeOf } from './call-origin';
import { balanceFields, derivedDelta } from './read-replies';
import { customerIdOf, foundOf, wholeNumberOf } from './read-result';

export class DeriveBalanceOperation implements Operation<unknown, DeriveQuery, CustomerParams> {
  readonly contract = DERIVE_BALANCE;

  constructor(private readonly bus: Pick<QueryBus, 'execute'>) {}

  async handle(call: Call<unknown, DeriveQuery, CustomerParams>): Promise<string> {
    const customerId = customerIdOf(call.params.customerId);
    const startingNano = startingNanoOf(call.query.startingBalance);
    const limit = wholeNumberOf(call.query.limit, DERIVED_DELTAS_PER_PAGE);
    const offset = wholeNumberOf(call.query.offset, 0);
    const query = new DeriveBalanceQuery(scopeOf(call), customerId, { offset, limit });
    const { value, position } = foundOf(await this.bus.execute(query));
    const { row } = value;
    const startingBalanceDecimal = formatNano(startingNano);
    const reply: DeriveReply = {
      customerId,
      startingBalance: Number(startingBalanceDecimal),
      startingBalanceDecimal,
      ...balanceFields(startingNano + row.balanceNano),
      deltasCount: row.totalDeltas,
      deltaCount: row.totalDeltas,
      latestReceiptId: row.lastReceiptId,
      itemsRoot: row.lastReceiptId,
      proofRoot: row.lastReceiptId,
      latestCheckpoint: row.latestCheckpoint,
      deltas: value.deltas.map((delta) => derivedDelta(delta, startingNano)),
      pagination: { limit, offset, total: row.totalDeltas },
      position: String(position),
    };
    return JSON.stringify(reply);
  }
}

function startingNanoOf(text: string | undefined): bigint {
  if (text === undefined) return 0n;
  const parsed = parseBalance(text);
  if (parsed.ok) return parsed.nano;
  throw amountError('startingBalance', parsed.problem);
}
