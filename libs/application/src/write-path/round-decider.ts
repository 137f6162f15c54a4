// Decides a customer's rounds: at once where all keys are new, as nearly all are; after asking the
// stores where a key may have been used before.
import type { Customer, CustomerIdentity } from '@deltabook/domain';
import type { Sha256Hex } from '@deltabook/integrity';
import type { CustomerLoader } from './customer-loader';
import { RepeatedKeys, type RepeatedKeysParts } from './repeated-keys';
import {
  decideRound,
  repeatsStored,
  type PendingCommand,
  type Round,
  type RoundContext,
} from './round';

export interface RoundDeciderParts extends RepeatedKeysParts {
  readonly loader: RepeatedKeysParts['loader'] & Pick<CustomerLoader, 'verifiedDeltas'>;
  readonly sha256Hex: Sha256Hex;
}

export class RoundDecider {
  private readonly keys: RepeatedKeys;

  /** `beforeRead` is called before a decision that has to wait for the stores. */
  constructor(
    private readonly identity: CustomerIdentity,
    private readonly parts: RoundDeciderParts,
    private readonly beforeRead: () => void,
  ) {
    this.keys = new RepeatedKeys(identity.reference, parts);
  }

  /** No promise where nothing is read: each would cost every delta some microseconds. */
  decide(batch: readonly PendingCommand[], customer: Customer): Promise<Round> | Round {
    if (this.keys.mayBeIn(batch)) return this.decideRepeated(batch, customer);
    const round = this.roundOf(batch, customer);
    return repeatsStored(round) ? this.withVerified(round) : round;
  }

  private async decideRepeated(
    batch: readonly PendingCommand[],
    customer: Customer,
  ): Promise<Round> {
    this.beforeRead();
    const round = this.roundOf(batch, customer, await this.keys.storedDeltas(batch));
    return repeatsStored(round) ? this.withVerified(round) : round;
  }

  private roundOf(
    batch: readonly PendingCommand[],
    customer: Customer,
    stored?: RoundContext['stored'],
  ): Round {
    const { identity } = this;
    const { sha256Hex } = this.parts;
    return decideRound(batch, customer, { identity, stored, sha256Hex });
  }

  private async withVerified(round: Round): Promise<Round> {
    const verifiedDeltas = await this.parts.loader.verifiedDeltas(this.identity.reference);
    return { ...round, verifiedDeltas };
  }
}
