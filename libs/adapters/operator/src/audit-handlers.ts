// Operators' commands on what the audit finds: replay histories, release a customer.
import {
  releaseCustomer,
  type AccessOrigin,
  type AppendRetry,
  type CustomerAudit,
  type EventStore,
  type ReleaseOutcome,
} from '@deltabook/application';
import type { Json } from '@deltabook/integrity';
import { namedCustomer, type CustomerNaming } from './named-customer';
import { OperatorRefusal, type OperatorArgs, type OperatorHandlers } from './operator-handler';
import { progressSteps } from './progress-steps';

export interface AskedAudit {
  /** Lower-case hex digits of a reference; undefined for everyone. */
  readonly referenceHex: string | undefined;
  readonly signal: AbortSignal;
  /** Share that is done, 0 … 1. */
  readonly onShare: (share: number) => void;
}

export interface AuditHandlersParts extends CustomerNaming {
  readonly store: Pick<EventStore, 'append'>;
  readonly retry: AppendRetry;
  /** Stamps a command: who, when, and an id to find it by. */
  readonly origin: () => AccessOrigin;
  readonly audit: (asked: AskedAudit) => Promise<CustomerAudit>;
}

/** `audit.replay` and `audit.release`; arguments are those of the command line. */
export function auditHandlers(parts: AuditHandlersParts): OperatorHandlers {
  return {
    'audit.replay': (args, signal) =>
      progressSteps(async (onProgress) => {
        const onShare = (share: number): void => onProgress({ share });
        const referenceHex =
          args['customer'] === undefined ? undefined : await namedCustomer(args, parts);
        const { report, customer } = await parts.audit({ referenceHex, signal, onShare });
        if (referenceHex !== undefined && !customer && report.findingCount === 0) {
          throw refusalOf({ kind: 'unknown-customer' }, String(args['customer']));
        }
        return report as unknown as Json;
      }),
    'audit.release': (args, signal) => release(args, signal, parts),
  };
}

async function release(
  args: OperatorArgs,
  signal: AbortSignal,
  parts: AuditHandlersParts,
): Promise<Json> {
  const { store, retry, audit } = parts;
  const referenceHex = await namedCustomer(args, parts);
  const { now, ...origin } = parts.origin();
  const onShare = (): void => undefined;
  const outcome = await releaseCustomer({
    store,
    retry,
    now,
    metadata: JSON.stringify(origin),
    audited: async () => (await audit({ referenceHex, signal, onShare })).customer,
  });
  if (outcome.kind !== 'released') throw refusalOf(outcome, String(args['customer']));
  const { deltas, position } = outcome;
  return { customer: String(args['customer']), deltas, position };
}

function refusalOf(
  outcome: Exclude<ReleaseOutcome, { kind: 'released' }>,
  customer: string,
): OperatorRefusal {
  switch (outcome.kind) {
    case 'unknown-customer':
      return new OperatorRefusal(
        'CUSTOMER_NOT_FOUND',
        `there is no customer ${customer}; name its tenant and environment, or its reference`,
      );
    case 'not-fenced':
      return new OperatorRefusal('NOT_FENCED', `customer ${customer} is not fenced`);
    case 'still-fails': {
      const { fromSequence, problems } = outcome.failure;
      return new OperatorRefusal(
        'HISTORY_FAILS',
        `the history of ${customer} still fails from delta ${fromSequence} on ` +
          `(${problems.join(', ')}); restore the stored events first`,
      );
    }
    case 'not-stored':
      return new OperatorRefusal(
        'NOT_STORED',
        `the release could not be stored (${outcome.outcome}); try again`,
      );
  }
}
