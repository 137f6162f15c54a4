// An audit in this process, of an installation that no service runs: at full speed, since nothing
// else wants the machine.
import {
  sha256,
  sha256Hex,
  verifyEd25519,
  type SignedHeadFolder,
} from '@deltabook/adapters/node-crypto';
import type { AskedAudit } from '@deltabook/adapters/operator';
import {
  auditAll,
  auditCustomer,
  RememberedHistories,
  type AuditParts,
  type CustomerAudit,
  type EventStore,
  type ServedRows,
} from '@deltabook/application';
import { setImmediate as turn } from 'node:timers/promises';

const CUSTOMERS_MAX = 200_000;
const FINDINGS_MAX = 1_000;

export interface LocalAuditParts {
  readonly store: EventStore;
  /** Undefined where the log alone is looked at. */
  readonly rows: ServedRows | undefined;
  readonly heads: SignedHeadFolder;
}

export async function localAudit(
  { store, rows, heads }: LocalAuditParts,
  { referenceHex, signal, onShare }: AskedAudit,
): Promise<CustomerAudit> {
  const nothing = (): void => undefined;
  const parts: AuditParts = {
    log: store,
    rows,
    hashes: { sha256, sha256Hex },
    crypto: { sha256, verifyEd25519 },
    keptNote: (scope) => heads.read(scope),
    customersMax: CUSTOMERS_MAX,
    remembered: new RememberedHistories(0),
    findingsMax: FINDINGS_MAX,
    pace: () => turn(),
    signal,
    onProgress: onShare,
    onFinding: nothing,
    onFailed: nothing,
  };
  if (referenceHex !== undefined) return auditCustomer(referenceHex, parts);
  return { report: await auditAll(parts), customer: undefined };
}
