// An audit in this process, of an installation that no service runs: at full speed, since nothing
// else wants the machine.
import {
  sha256,
  sha256Hex,
  SignedHeadFolder,
  signingFiles,
  verifyEd25519,
} from '@deltabook/adapters/node-crypto';
import type { AskedAudit } from '@deltabook/adapters/operator';
import { ServedReadModel } from '@deltabook/adapters/sqlite';
import {
  auditAll,
  auditCustomer,
  type AuditParts,
  type CustomerAudit,
  type EventStore,
} from '@deltabook/application';
import { setImmediate as turn } from 'node:timers/promises';

const CUSTOMERS_MAX = 200_000;
const FINDINGS_MAX = 1_000;

export interface LocalAuditParts {
  readonly store: EventStore;
  readonly dataDir: string;
  readonly signingKeyFile: string;
}

export async function localAudit(
  { store, dataDir, signingKeyFile }: LocalAuditParts,
  { referenceHex, signal, onShare }: AskedAudit,
): Promise<CustomerAudit> {
  const files = new SignedHeadFolder(signingFiles(dataDir, signingKeyFile).signedHeadsDir);
  const rows = ServedReadModel.open(dataDir, store.storeId);
  const nothing = (): void => undefined;
  const parts: AuditParts = {
    log: store,
    rows,
    hashes: { sha256, sha256Hex },
    crypto: { sha256, verifyEd25519 },
    keptNote: (scope) => files.read(scope),
    customersMax: CUSTOMERS_MAX,
    findingsMax: FINDINGS_MAX,
    pace: () => turn(),
    signal,
    onProgress: onShare,
    onFinding: nothing,
    onFailed: nothing,
  };
  try {
    if (referenceHex !== undefined) return await auditCustomer(referenceHex, parts);
    return { report: await auditAll(parts), customer: undefined };
  } finally {
    rows?.close();
  }
}
