// The operator's door of this service: which commands it does, and for whom.
import { accessPrimitives } from '@deltabook/adapters/node-crypto';
import {
  accessHandlers,
  auditHandlers,
  openOperatorDoor,
  type AuditHandlersParts,
  type OperatorDoor,
  type OperatorHandlers,
} from '@deltabook/adapters/operator';
import type {
  AccessOrigin,
  AppendRetry,
  CustomerDirectory,
  EventStore,
  TenantDirectoryInMemory,
  Tenants,
} from '@deltabook/application';
import type { Logger } from 'pino';
import type { AuditWorker } from './audit-worker';
import type { Settings } from './settings';

const CORRELATION_BYTES = 8;

export interface OperatorParts {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly tenants: Tenants;
  readonly directory: TenantDirectoryInMemory;
  readonly customers: CustomerDirectory;
  readonly store: EventStore;
  readonly retry: AppendRetry;
  /** Undefined in a process that is measured without it. */
  readonly auditor: Pick<AuditWorker, 'audit'> | undefined;
}

/** Opens the socket in DATA_DIR, which this process must hold. */
export function openOperators(parts: OperatorParts): Promise<OperatorDoor> {
  const { settings, logger, tenants, directory } = parts;
  return openOperatorDoor({
    dataDir: settings.DATA_DIR,
    connectionsMax: settings.OPERATOR_COMMANDS_MAX,
    handlers: {
      ...accessHandlers({
        tenants,
        directory,
        origin: operatorOrigin,
        // The projection keeps it current.
        fillDirectory: () => Promise.resolve(),
      }),
      ...auditHandlersOf(parts),
    },
    onFailure: (command, error) => logger.error({ command, err: error }, 'operator command failed'),
  });
}

function auditHandlersOf(parts: OperatorParts): OperatorHandlers {
  const { auditor } = parts;
  if (!auditor) return {};
  const audit: AuditHandlersParts['audit'] = (asked) => auditor.audit(asked);
  return auditHandlers({ ...parts, origin: operatorOrigin, audit });
}

function operatorOrigin(): AccessOrigin {
  const correlationId = accessPrimitives.randomHex(CORRELATION_BYTES);
  return { door: 'operator', actor: 'deltabook', correlationId, now: Date.now() };
}
