// From what queries find to what replies carry: amounts as JSON number and exact decimal, times as
// texts, every vintage's name for the same thing.
import type {
  DeltaView,
  FoundDelta,
  ListedCustomer,
  ReadFound,
  ScopeTotals,
} from '@deltabook/application';
import type {
  ActivityItem,
  CustomerSummary,
  CustomersSummaryReply,
  DeltaFields,
  DeltaReply,
  DerivedDelta,
} from '@deltabook/contracts';
import { customerPartition, formatNano, timeText } from '@deltabook/domain';

/** Length of YYYY-MM. */
const MONTH_LENGTH = 7;

/** A balance as replies carry it: the nearest JSON number and the exact decimal. */
export function balanceFields(nano: bigint): {
  readonly computedBalance: number;
  readonly computedBalanceDecimal: string;
} {
  const decimal = formatNano(nano);
  return { computedBalance: Number(decimal), computedBalanceDecimal: decimal };
}

export function customerSummary(row: ListedCustomer): CustomerSummary {
  return {
    customerId: row.customerId,
    customerReference: row.reference,
    customerPartition: customerPartition(row.reference),
    totalDeltas: row.totalDeltas,
    ...balanceFields(row.balanceNano),
    latestCheckpoint: row.latestCheckpoint,
    firstActivity: timeOrNull(row.firstActivity),
    lastActivity: timeOrNull(row.lastActivity),
    ...(row.fenced ? { fenced: true } : {}),
  };
}

export function customersSummary(totals: ScopeTotals, position: bigint): CustomersSummaryReply {
  const { customers, deltas, verifiedDeltas: verified, fenced } = totals;
  return {
    totalCustomers: customers,
    totalDeltas: deltas,
    ...balanceFields(totals.balanceNano),
    firstActivity: timeOrNull(totals.firstActivity),
    lastActivity: timeOrNull(totals.lastActivity),
    verification: {
      recorded: deltas,
      projected: deltas,
      queued: deltas - verified,
      verified,
      fencedCustomers: fenced,
    },
    position: String(position),
  };
}

const NO_SEAL = { sealedAt: null, sealHash: null } as const;

/** `startingNano` is added to the balance after the delta. */
function deltaFields(view: DeltaView, startingNano: bigint): DeltaFields {
  const deltaDecimal = formatNano(view.nano);
  const seal = view.covering ?? NO_SEAL;
  return {
    recordId: view.recordId,
    anchorId: view.recordId,
    receiptId: view.receiptId,
    itemsRoot: view.receiptId,
    itemHash: view.contentHash,
    delta: Number(deltaDecimal),
    deltaDecimal,
    reason: view.reason,
    referenceId: view.referenceId ?? null,
    metadata: view.metadata ?? null,
    adjusts: view.adjusts ?? null,
    status: view.status,
    submittedAt: view.recordedAt,
    recordedAt: view.recordedAt,
    occurredAt: view.occurredAt ?? null,
    verifiedAt: seal.sealedAt,
    verificationReference: seal.sealHash,
    sequenceNumber: view.sequence,
    dataPurged: false,
    contentHash: view.contentHash,
    previousProofHash: view.previousProofHash,
    ...balanceFields(startingNano + view.balanceNano),
  };
}

export function deltaReply({ value, position }: ReadFound<FoundDelta>): DeltaReply {
  return {
    ...deltaFields(value.delta, 0n),
    customerId: value.customerId,
    ...(value.fenced ? { fenced: true } : {}),
    position: String(position),
  };
}

export function derivedDelta(view: DeltaView, startingNano: bigint): DerivedDelta {
  // A literal that begins with a spread is several times as dear, and a page has many of these.
  return Object.assign(deltaFields(view, startingNano), {
    time: view.time,
    window: view.recordedAt.slice(0, MONTH_LENGTH),
  });
}

export function activityItem(view: DeltaView): ActivityItem {
  const deltaDecimal = formatNano(view.nano);
  return {
    delta: Number(deltaDecimal),
    reason: view.reason,
    referenceId: view.referenceId ?? null,
    status: view.status.toLowerCase() as Lowercase<typeof view.status>,
    time: view.time,
    recordId: view.recordId,
    verificationReference: view.covering?.sealHash ?? null,
    deltaDecimal,
    receiptId: view.receiptId,
    sequenceNumber: view.sequence,
    ...balanceFields(view.balanceNano),
    metadata: view.metadata ?? null,
    adjusts: view.adjusts ?? null,
    recordedAt: view.recordedAt,
    occurredAt: view.occurredAt ?? null,
  };
}

function timeOrNull(ms: number | null): string | null {
  return ms === null ? null : timeText(ms);
}
