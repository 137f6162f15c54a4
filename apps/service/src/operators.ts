// The operator's door of this service: which commands it does, and for whom.
import { accessPrimitives } from '@deltabook/adapters/node-crypto';
import { accessHandlers, openOperatorDoor, type OperatorDoor } from '@deltabook/adapters/operator';
import type { AccessOrigin, TenantDirectoryInMemory, Tenants } from '@deltabook/application';
import type { Logger } from 'pino';
import type { Settings } from './settings';

const CORRELATION_BYTES = 8;

export interface OperatorParts {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly tenants: Tenants;
  readonly directory: TenantDirectoryInMemory;
}

/** Opens the socket in DATA_DIR, which this process must hold. */
export function openOperators(parts: OperatorParts): Promise<OperatorDoor> {
  const { settings, logger, tenants, directory } = parts;
  return openOperatorDoor({
    dataDir: settings.DATA_DIR,
    connectionsMax: settings.OPERATOR_COMMANDS_MAX,
    handlers: accessHandlers({
      tenants,
      directory,
      origin: operatorOrigin,
      // The projection keeps it current.
      fillDirectory: () => Promise.resolve(),
    }),
    onFailure: (command, error) => logger.error({ command, err: error }, 'operator command failed'),
  });
}

function operatorOrigin(): AccessOrigin {
  const correlationId = accessPrimitives.randomHex(CORRELATION_BYTES);
  return { door: 'operator', actor: 'deltabook', correlationId, now: Date.now() };
}
