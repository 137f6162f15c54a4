// POST /api/v1/balance/compare
import { DeriveBalanceQuery } from '@deltabook/application';
import {
  COMPARE_BALANCES,
  type CompareBody,
  type CompareReply,
  type ReadQuery,
} from '@deltabook/contracts';
import { formatNano } from '@deltabook/domain';
import type { QueryBus } from '@nestjs/cqrs';
import type { Call, Operation } from '../operation';
import { customerFormError } from '../validation/request-error';
import { scopeOf } from './call-origin';
import { foundOf } from './read-result';
import {
  balanceNanoOf,
  closingNanoOf,
  spanFields,
  spanWantedOf,
  startingNanoOf,
} from './span-requests';

export class CompareBalancesOperation implements Operation<CompareBody, ReadQuery> {
  readonly contract = COMPARE_BALANCES;
  readonly bodyError = customerFormError;

  constructor(private readonly bus: Pick<QueryBus, 'execute'>) {}

  async handle(call: Call<CompareBody, ReadQuery>): Promise<string> {
    const { body: request, now } = call;
    const yours = balanceNanoOf('yourBalance', request.yourBalance) ?? 0n;
    const theirs = balanceNanoOf('theirBalance', request.theirBalance) ?? 0n;
    balanceNanoOf('startingBalance', request.startingBalance ?? undefined);
    const wanted = spanWantedOf(request, now);
    const asked = { ...wanted, page: undefined };
    const query = new DeriveBalanceQuery(scopeOf(call), request.customerId, asked);
    const { value: found, position } = foundOf(await this.bus.execute(query));
    const startingNano = startingNanoOf(request, found);
    const neutral = closingNanoOf(found, startingNano);
    const reply: CompareReply = {
      ...spanFields({ request, wanted, found, startingNano, position }),
      ...amount('neutralBalance', neutral),
      ...amount('yourBalance', yours),
      ...amount('theirBalance', theirs),
      matchesYours: yours === neutral,
      matchesTheirs: theirs === neutral,
      ...amount('yourDiscrepancy', yours - neutral),
      ...amount('theirDiscrepancy', theirs - neutral),
    };
    return JSON.stringify(reply);
  }
}

type AmountFields<Name extends string> = Readonly<Record<Name, number>> &
  Readonly<Record<`${Name}Decimal`, string>>;

/** An amount as the nearest JSON number and as exact decimal. */
function amount<Name extends string>(name: Name, nano: bigint): AmountFields<Name> {
  const decimal = formatNano(nano);
  return { [name]: Number(decimal), [`${name}Decimal`]: decimal } as AmountFields<Name>;
}
