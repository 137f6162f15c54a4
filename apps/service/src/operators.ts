// The operator's door of this service: which commands it does, and for whom.
import { backUpLog } from '@deltabook/adapters/embedded';
import { accessPrimitives, signingFiles } from '@deltabook/adapters/node-crypto';
import {
  accessHandlers,
  auditHandlers,
  backupHandlers,
  openOperatorDoor,
  OperatorRefusal,
  signingHandlers,
  type AuditHandlersParts,
  type OperatorDoor,
  type OperatorHandlers,
  type Rotated,
} from '@deltabook/adapters/operator';
import type {
  AccessOrigin,
  AppendRetry,
  CustomerDirectory,
  EventStore,
  TenantDirectoryInMemory,
  Tenants,
} from '@deltabook/application';
import type { LogCreated } from '@deltabook/domain';
import type { Logger } from 'pino';
import type { AuditWorker } from './audit-worker';
import { exportHandlers, type ExportParts } from './export-customer';
import type { Settings } from './settings';
import type { SigningControl } from './signing-control';

const CORRELATION_BYTES = 8;

const withoutKafka = (): Promise<never> =>
  Promise.reject(
    new OperatorRefusal('NO_KAFKA', 'this service has no Kafka doors; start it with KAFKA_BROKERS'),
  );
const NO_DEAD_LETTERS: OperatorHandlers = {
  'dlq.list': withoutKafka,
  'dlq.replay': withoutKafka,
};

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
  readonly signing: Pick<SigningControl, 'rotate'> | undefined;
  readonly log: LogCreated;
  /** Commands on dead letters; undefined without Kafka. */
  readonly deadLetters: OperatorHandlers | undefined;
  readonly exports: ExportParts;
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
      ...signingHandlersOf(parts),
      ...backupHandlersOf(parts),
      ...(parts.deadLetters ?? NO_DEAD_LETTERS),
      ...exportHandlers(parts.exports),
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

function signingHandlersOf({ signing }: OperatorParts): OperatorHandlers {
  if (!signing) return {};
  const rotate = (): Promise<Rotated> => {
    const { door, actor, correlationId } = operatorOrigin();
    return signing.rotate(JSON.stringify({ door, actor, correlationId }));
  };
  return signingHandlers({ rotate });
}

function backupHandlersOf({ settings, store, log }: OperatorParts): OperatorHandlers {
  const { DATA_DIR: dataDir, SIGNING_KEY_FILE, EVENT_STORE } = settings;
  if (EVENT_STORE !== 'embedded') return { backup: () => Promise.reject(backedUpElsewhere()) };
  return backupHandlers({
    storeId: store.storeId,
    log: () => Promise.resolve(log),
    ...signingFiles(dataDir, SIGNING_KEY_FILE),
    origin: operatorOrigin,
    backUpLog: (file, onShare) => backUpLog({ dataDir, file, onShare }),
  });
}

function backedUpElsewhere(): OperatorRefusal {
  const advice = 'back them up with its own tools, and the files of the signing key beside them';
  return new OperatorRefusal('EVENTS_ELSEWHERE', `the events are in EventStoreDB; ${advice}`);
}

function operatorOrigin(): AccessOrigin {
  const correlationId = accessPrimitives.randomHex(CORRELATION_BYTES);
  return { door: 'operator', actor: 'deltabook', correlationId, now: Date.now() };
}
