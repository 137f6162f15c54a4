// The service, put together: stores, directory, write path, doors; and taken apart again without
// losing anything that was accepted.
import {
  deltaBodyReader,
  HttpAdapter,
  registerHttp,
  type HttpDoors,
} from '@deltabook/adapters/http';
import {
  accessPrimitives,
  keccak256Hex,
  saltSource,
  sha256,
  sha256Hex,
} from '@deltabook/adapters/node-crypto';
import {
  ensureInstallation,
  PublicKeys,
  ReadGate,
  TenantDirectoryInMemory,
  Tenants,
  type AppendRetry,
  type EventStore,
  type Installation,
  type ReadStore,
} from '@deltabook/application';
import { NestFactory } from '@nestjs/core';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { committedVerification } from './committed-verification';
import { httpLimits } from './http-limits';
import type { KafkaDoors } from './kafka-doors';
import { MeteredEventStore } from './metered-event-store';
import { openOperators } from './operators';
import { reportProjection } from './projection-report';
import { readinessOf } from './readiness';
import { pageParts } from './page-parts';
import { serviceMetrics } from './service-metrics';
import { ServiceModule } from './service.module';
import type { Settings } from './settings';
import type { OnFatal } from './opened-event-store';
import { openStores, type StoreOverrides, type Stores } from './stores';
import { showFirstKey } from './first-key';
import { startVerifier } from './verifier';
import type { VerifierWorker } from './verifier-worker';
import { buildWritePath, type WritePath } from './write-path';

const PROCESS_ID_BYTES = 6;

export interface RunningService {
  readonly port: number;
  /** Answers what was accepted, refuses the rest, and lets everything go. */
  stop(reason: string): Promise<void>;
}

interface Parts {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly store: MeteredEventStore;
  readonly stores: Stores;
  readonly directory: TenantDirectoryInMemory;
  readonly tenants: Tenants;
  readonly writePath: WritePath;
}

interface OpenParts extends Parts {
  readonly verifier: VerifierWorker | undefined;
}

/** Resolves once it listens. Throws errors whose message is one line for the user. */
export async function startService(
  settings: Settings,
  parts: { readonly logger: Logger; readonly onFatal: OnFatal },
  overrides: StoreOverrides = {},
): Promise<RunningService> {
  const { logger } = parts;
  const stores = await openStores(settings, parts, overrides);
  const store = new MeteredEventStore(stores.events);
  const { directory, tenants } = await openDirectory(settings, store, stores.readStore);
  const writePath = await buildWritePath({
    settings,
    store,
    readStore: stores.readStore,
    tenants: directory,
    primitives: { sha256Hex, keccak256: keccak256Hex, salt: saltSource() },
    onConflict: () => logger.debug('another writer was faster; decided again'),
  });
  const all = { settings, logger, store, stores, directory, tenants, writePath };
  const installation = await ensureInstallationOf(all);
  showFirstKey(installation);
  const { onFatal } = parts;
  const verifier = overrides.withoutVerifier
    ? undefined
    : await startVerifier({ ...all, installation, retry: retryOf(settings), onFatal });
  try {
    return await openDoors({ ...all, verifier }, installation);
  } catch (error) {
    // A thread that is ended in the middle of a statement takes the process down with it.
    await verifier?.close();
    await stores.readStore.close();
    await store.close();
    throw error;
  }
}

async function openDirectory(
  settings: Settings,
  store: EventStore,
  readStore: ReadStore,
): Promise<{ readonly directory: TenantDirectoryInMemory; readonly tenants: Tenants }> {
  const directory = new TenantDirectoryInMemory(accessPrimitives, settings.API_KEYS_CACHED_MAX);
  await directory.follow(readStore);
  const tenants = new Tenants({
    store,
    directory,
    primitives: accessPrimitives,
    retry: retryOf(settings),
    conflictRetriesMax: settings.CONFLICT_RETRIES_MAX,
  });
  return { directory, tenants };
}

const retryOf = (settings: Settings): AppendRetry => ({
  unknownRetriesMax: Math.ceil(settings.UNKNOWN_RETRY_MS / settings.UNKNOWN_RETRY_DELAY_MS),
  unknownRetryDelayMs: settings.UNKNOWN_RETRY_DELAY_MS,
  pause: (ms) => delay(ms),
});

/** Waits a moment for the projection first: whether there is a key is known once it is there. */
async function ensureInstallationOf(parts: Parts): Promise<Installation> {
  const { settings, store, stores, directory, tenants } = parts;
  const { readStore } = stores;
  await readStore.waitFor(await store.head(), settings.READ_WAIT_MS);
  return ensureInstallation(
    { store, tenants, directory, primitives: accessPrimitives, retry: retryOf(settings) },
    {
      installationName: settings.INSTALLATION_NAME,
      apiKey: settings.DELTABOOK_API_KEY,
      issueFirstKey: readStore.progress().ready,
      now: Date.now(),
    },
  );
}

async function openDoors(parts: OpenParts, installation: Installation): Promise<RunningService> {
  const { settings, logger, stores, writePath, directory, tenants } = parts;
  const { readStore } = stores;
  const module = ServiceModule.of({
    store: parts.store,
    readStore,
    verification: committedVerification(
      readStore.verification,
      parts.verifier,
      settings.READ_WAIT_MS,
    ),
    directory,
    tenants,
    writePath,
    readGate: new ReadGate(readStore, settings.READ_WAIT_MS),
  });
  const limits = httpLimits(settings);
  const processId = accessPrimitives.randomHex(PROCESS_ID_BYTES);
  const adapter = new HttpAdapter({ processId, limits });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { logger: false });
  let draining = false;
  const commandBus = app.get(CommandBus);
  const kafka = kafkaDoorsOf(parts, commandBus);
  const doors = registerHttp(adapter.getInstance(), {
    commandBus,
    queryBus: app.get(QueryBus),
    tenants: directory,
    now: () => Date.now(),
    elapsedMs: () => performance.now(),
    processId,
    limits,
    logger,
    ...pageParts(settings, { store: parts.store, readStore }),
    readiness: () =>
      readinessOf({
        readStore,
        eventStore: stores.eventStoreHealth(),
        draining,
        doorWarnings: kafka?.warnings() ?? [],
      }),
    metrics: serviceMetrics({
      ...parts,
      readStore,
      figures: () => ({ ...stores.figures(), ...kafka?.values() }),
    }),
    publicKeys: new PublicKeys(parts.store, sha256),
  });
  const operators = await openOperators(parts);
  const stopReporting = reportProjection(readStore, logger, settings.PROGRESS_LINE_MS);
  await app.listen(settings.PORT, settings.HOST);
  const { port } = adapter.getHttpServer().address() as { port: number };
  kafka?.start();
  announce(parts, installation, port);
  return {
    port,
    stop: async (reason) => {
      draining = true;
      logger.info({ reason }, 'shutting down');
      stopReporting();
      await operators.close();
      await kafka?.stop();
      await drained(doors, adapter.getHttpServer(), parts);
      await app.close();
      await parts.verifier?.close();
      await readStore.close();
      await parts.store.close();
      logger.info('stopped');
    },
  };
}

/** Loaded only when it is asked for: most installations have no Kafka. */
function kafkaDoorsOf(parts: Parts, commandBus: CommandBus): KafkaDoors | undefined {
  const { settings, stores } = parts;
  if (settings.KAFKA_BROKERS === '') return undefined;
  const { KafkaDoors } = require('./kafka-doors') as typeof import('./kafka-doors');
  return KafkaDoors.of({
    ...parts,
    emitDeltas: (command) => commandBus.execute(command),
    readBody: deltaBodyReader(),
    logSource: stores.logSource,
    publisherEntry: stores.publisherEntry,
  });
}

/** Waits until everything accepted is answered, for DRAIN_MS at most, then hangs up. */
async function drained(doors: HttpDoors, server: Server, parts: Parts): Promise<void> {
  const { settings, logger, writePath } = parts;
  const everything = Promise.all([doors.drain(), writePath.admission.drain()]).then(() => true);
  const isOver = delay(settings.DRAIN_MS, false, { ref: false });
  if (!(await Promise.race([everything, isOver]))) {
    const { pendingCount } = writePath.admission;
    logger.warn({ pendingCount }, 'DRAIN_MS is over; what is left gets no answer');
  }
  // A request that does not come to its end would keep its connection, and that the server.
  void isOver.then(() => server.closeAllConnections());
}

function announce(parts: Parts, installation: Installation, port: number): void {
  const { settings, logger } = parts;
  const { logId, installation: name } = installation.log;
  if (installation.apiKey === 'revoked') {
    logger.warn('DELTABOOK_API_KEY was revoked and stays so; give another key');
  }
  logger.info({ port, host: settings.HOST, logId, installation: name }, 'listening');
}
