// Starts the auditor's thread.
import { signingFiles } from '@deltabook/adapters/node-crypto';
import type { AppendRetry, EventStore } from '@deltabook/application';
import type { Logger } from 'pino';
import { AuditWorker } from './audit-worker';
import type { OnFatal } from './opened-event-store';
import type { Settings } from './settings';
import type { Stores } from './stores';

export interface AuditorStart {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly store: EventStore;
  readonly stores: Stores;
  readonly retry: AppendRetry;
  readonly onFatal: OnFatal;
}

export function startAuditor(parts: AuditorStart): AuditWorker {
  const { settings, logger, store, stores, retry, onFatal } = parts;
  const { signedHeadsDir } = signingFiles(settings.DATA_DIR, settings.SIGNING_KEY_FILE);
  return new AuditWorker({
    entry: stores.auditorEntry,
    data: {
      dataDir: settings.DATA_DIR,
      storeId: store.storeId,
      logSource: stores.logSource,
      signedHeadsDir,
      customersMax: settings.AUDIT_CUSTOMERS_MAX,
      findingsMax: settings.AUDIT_FINDINGS_MAX,
      niceness: settings.BACKGROUND_NICENESS,
      roundMs: settings.AUDIT_ROUND_MS,
      retryMs: settings.AUDIT_RETRY_MS,
      busyPercent: settings.AUDIT_BUSY_CPU_PERCENT,
      idlePercent: settings.AUDIT_IDLE_CPU_PERCENT,
      unknownRetriesMax: retry.unknownRetriesMax,
      unknownRetryDelayMs: retry.unknownRetryDelayMs,
    },
    store,
    logger,
    onFatal,
  });
}
