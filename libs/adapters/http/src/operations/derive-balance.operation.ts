// GET /api/v1/balance/derive/:customerId
import { DeriveBalanceQuery } from '@deltabook/application';
import {
  DERIVE_BALANCE,
  DERIVED_DELTAS_PER_PAGE,
  type CustomerParams,
  type DeriveQuery,
  type DeriveReply,
} from '@deltabook/contracts';
import type { QueryBus } from '@nestjs/cqrs';
import type { Call, Operation } from '../operation';
import { scopeOf } from './call-origin';
import { balanceFields, derivedDelta } from './read-replies';
import { customerIdOf, foundOf, wholeNumberOf } from './read-result';
import {
  balanceNanoOf,
  closingNanoOf,
  spanFields,
  spanWantedOf,
  startingNanoOf,
} from './span-requests';

export class DeriveBalanceOperation implements Operation<unknown, DeriveQuery, CustomerParams> {
  readonly contract = DERIVE_BALANCE;

  constructor(private readonly bus: Pick<QueryBus, 'execute'>) {}

  async handle(call: Call<unknown, DeriveQuery, CustomerParams>): Promise<string> {
    const { query: request, now } = call;
    const customerId = customerIdOf(call.params.customerId);
    balanceNanoOf('startingBalance', request.startingBalance);
    const limit = wholeNumberOf(request.limit, DERIVED_DELTAS_PER_PAGE);
    const offset = wholeNumberOf(request.offset, 0);
    const wanted = spanWantedOf(request, now);
    const asked = { ...wanted, page: { offset, limit } };
    const query = new DeriveBalanceQuery(scopeOf(call), customerId, asked);
    const { value: found, position } = foundOf(await this.bus.execute(query));
    const startingNano = startingNanoOf(request, found);
    const { before } = found.span;
    const fields = spanFields({ request, wanted, found, startingNano, position });
    const reply: DeriveReply = {
      ...fields,
      ...balanceFields(closingNanoOf(found, startingNano)),
      latestCheckpoint: found.row.latestCheckpoint,
      deltas: found.deltas.map((delta) => derivedDelta(delta, startingNano - before.balanceNano)),
      pagination: { limit, offset, total: fields.deltaCount },
    };
    return JSON.stringify(reply);
  }
}
