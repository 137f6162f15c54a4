// An audit put together as the service does it, without its pace and its listeners.
import {
  sha256,
  sha256Hex,
  verifyEd25519,
  type SignedHeadFolder,
} from '@deltabook/adapters/node-crypto';
import { RememberedHistories, type AuditParts } from '@deltabook/application';

const nothing = (): void => undefined;

/** Parts over a log and rows; `heads` are the last signed ones, and `change` takes precedence. */
export function auditPartsOf(
  { log, rows }: Pick<AuditParts, 'log' | 'rows'>,
  heads: SignedHeadFolder,
  change: Partial<AuditParts> = {},
): AuditParts {
  return {
    log,
    rows,
    hashes: { sha256, sha256Hex },
    crypto: { sha256, verifyEd25519 },
    keptNote: (scope) => heads.read(scope),
    customersMax: 1_000,
    remembered: new RememberedHistories(0),
    findingsMax: 100,
    pace: () => Promise.resolve(),
    signal: new AbortController().signal,
    onProgress: nothing,
    onFinding: nothing,
    onFailed: nothing,
    ...change,
  };
}
