// GET /api/v1/verify/:proofRoot, without a key
import { VerifyRootQuery, type RootVerdict, type VerifiedRoot } from '@deltabook/application';
import {
  VERIFY_ROOT,
  type VerifyParams,
  type VerifyQuery,
  type VerifyReply,
} from '@deltabook/contracts';
import { formatNano } from '@deltabook/domain';
import type { QueryBus } from '@nestjs/cqrs';
import type { Call, Operation } from '../operation';

const ROOT = /^0x[0-9a-f]{64}$/;

const MESSAGES = {
  verified: 'The deltas up to this root are sealed in the signed log.',
  unknown: 'No verified delta has this root.',
  waiting: 'Recorded, and not sealed under a signed head yet; try again in a second.',
  failed: 'The stored history of this root failed verification.',
} as const satisfies Record<RootVerdict['kind'], string>;

export class VerifyRootOperation implements Operation<unknown, VerifyQuery, VerifyParams> {
  readonly contract = VERIFY_ROOT;

  constructor(private readonly bus: Pick<QueryBus, 'execute'>) {}

  async handle({ params, query }: Call<unknown, VerifyQuery, VerifyParams>): Promise<string> {
    const proofRoot = params.proofRoot.toLowerCase();
    const verdict = await this.verdictOn(proofRoot, query.from);
    const reply: VerifyReply = {
      verified: verdict.kind === 'verified',
      proofRoot,
      message: MESSAGES[verdict.kind],
      source: query.source ?? 'db',
      ...factsOf(verdict.kind === 'verified' ? verdict : NO_FACTS),
    };
    return JSON.stringify(reply);
  }

  private verdictOn(proofRoot: string, from: string | undefined): Promise<RootVerdict> {
    if (!ROOT.test(proofRoot)) return Promise.resolve({ kind: 'unknown' });
    return this.bus.execute(new VerifyRootQuery(proofRoot, from));
  }
}

type Facts = Omit<VerifiedRoot, 'kind' | 'firstRecordedAt' | 'lastRecordedAt'> & {
  readonly firstRecordedAt: string | null;
  readonly lastRecordedAt: string | null;
};

const NO_FACTS: Facts = {
  deltaCount: 0,
  openingNano: 0n,
  closingNano: 0n,
  firstRecordedAt: null,
  lastRecordedAt: null,
  sealedAt: undefined,
  sealHash: undefined,
};

function factsOf({
  sealedAt,
  sealHash,
  lastRecordedAt,
  ...facts
}: Facts): Omit<VerifyReply, 'verified' | 'proofRoot' | 'message' | 'source'> {
  const [opening, closing] = [formatNano(facts.openingNano), formatNano(facts.closingNano)];
  const change = formatNano(facts.closingNano - facts.openingNano);
  const reference = sealHash ?? null;
  return {
    recordedAt: lastRecordedAt,
    verifiedAt: sealedAt ?? null,
    summary: {
      recordCount: facts.deltaCount,
      netChange: Number(change),
      netChangeDecimal: change,
      startingBalance: Number(opening),
      startingBalanceDecimal: opening,
      endingBalance: Number(closing),
      endingBalanceDecimal: closing,
      firstRecordAt: facts.firstRecordedAt,
      lastRecordAt: lastRecordedAt,
    },
    records: [],
    verification: { reference, verificationReference: reference },
  };
}
