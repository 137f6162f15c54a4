// The doors of the service: HTTP, Kafka where it is asked for, and the operators' socket; opened
// last, and closed first without losing anything that was accepted.
import {
  deltaBodyReader,
  HttpAdapter,
  registerHttp,
  type HttpDoors,
} from '@deltabook/adapters/http';
import { accessPrimitives, sha256, sha256Hex } from '@deltabook/adapters/node-crypto';
import {
  PublicKeys,
  ReadGate,
  type AppendRetry,
  type Installation,
  type TenantDirectoryInMemory,
  type Tenants,
} from '@deltabook/application';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { AuditWorker } from './audit-worker';
import { buildCheckpoints, type Checkpoints } from './checkpoints';
import { committedVerification } from './committed-verification';
import { httpLimits } from './http-limits';
import type { KafkaDoors } from './kafka-doors';
import type { MeteredEventStore } from './metered-event-store';
import { openOperators } from './operators';
import { pageParts } from './page-parts';
import { reportProjection } from './projection-report';
import { serviceMetrics } from './service-metrics';
import { ServiceModule } from './service.module';
import type { Settings } from './settings';
import type { SigningControl } from './signing-control';
import type { Stores } from './stores';
import { systemParts } from './system-state';
import type { VerifierWorker } from './verifier-worker';
import type { WritePath } from './write-path';

const PROCESS_ID_BYTES = 6;

export interface RunningService {
  readonly port: number;
  /** Answers what was accepted, refuses the rest, and lets everything go. */
  stop(reason: string): Promise<void>;
}

export interface ServiceParts {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly store: MeteredEventStore;
  readonly stores: Stores;
  readonly directory: TenantDirectoryInMemory;
  readonly tenants: Tenants;
  readonly writePath: WritePath;
}

interface DoorParts extends ServiceParts {
  readonly verifier: VerifierWorker | undefined;
  readonly auditor: AuditWorker | undefined;
  readonly signing: SigningControl | undefined;
  readonly retry: AppendRetry;
}

/** Resolves once it listens. */
export async function openDoors(
  parts: DoorParts,
  installation: Installation,
): Promise<RunningService> {
  const { settings, logger, stores, directory } = parts;
  const { readStore } = stores;
  const limits = httpLimits(settings);
  const processId = accessPrimitives.randomHex(PROCESS_ID_BYTES);
  const adapter = new HttpAdapter({ processId, limits });
  const checkpoints = buildCheckpoints({ ...parts, readStore });
  const app = await appOf(moduleOf(parts, checkpoints), adapter);
  let draining = false;
  const [commandBus, queryBus] = [app.get(CommandBus), app.get(QueryBus)];
  const publicKeys = new PublicKeys(parts.store, sha256);
  const kafka = kafkaDoorsOf(parts, commandBus);
  const doors = registerHttp(adapter.getInstance(), {
    commandBus,
    queryBus,
    tenants: directory,
    now: () => Date.now(),
    elapsedMs: () => performance.now(),
    processId,
    limits,
    logger,
    ...pageParts(settings, { store: parts.store, readStore }),
    ...systemParts({
      eventStore: stores.eventStoreHealth,
      readStore,
      verifier: parts.verifier,
      brokers: settings.KAFKA_BROKERS,
      kafka,
      isDraining: () => draining,
      auditor: parts.auditor,
    }),
    metrics: serviceMetrics({
      ...parts,
      readStore,
      figures: () => ({ ...stores.figures(), ...kafka?.values(), ...parts.auditor?.figures() }),
    }),
    publicKeys,
  });
  const operators = await openOperators({
    ...parts,
    customers: parts.writePath.customers,
    log: installation.log,
    deadLetters: kafka?.operatorHandlers(),
    exports: { queryBus, publicKeys, now: () => Date.now() },
  });
  const stopReporting = reportProjection(readStore, logger, settings.PROGRESS_LINE_MS);
  await app.listen(settings.PORT, settings.HOST);
  const { port } = adapter.getHttpServer().address() as { port: number };
  kafka?.start();
  checkpoints.jobs.start();
  announce(parts, installation, port);
  return {
    port,
    stop: async (reason) => {
      draining = true;
      logger.info({ reason }, 'shutting down');
      stopReporting();
      await operators.close();
      await kafka?.stop();
      await checkpoints.jobs.stop();
      await drained(doors, adapter.getHttpServer(), parts);
      await app.close();
      await letGo(parts);
      logger.info('stopped');
    },
  };
}

function appOf(module: DynamicModule, adapter: HttpAdapter): Promise<NestFastifyApplication> {
  return NestFactory.create<NestFastifyApplication>(module, adapter, { logger: false });
}

async function letGo({ auditor, verifier, stores, store }: DoorParts): Promise<void> {
  await auditor?.close();
  await verifier?.close();
  await stores.readStore.close();
  await store.close();
}

function moduleOf(parts: DoorParts, checkpoints: Checkpoints): DynamicModule {
  const { settings, store, stores, directory, tenants, writePath, verifier } = parts;
  const { readStore } = stores;
  const { READ_WAIT_MS } = settings;
  return ServiceModule.of({
    store,
    readStore,
    verification: committedVerification(readStore.verification, verifier, READ_WAIT_MS),
    hashes: { sha256, sha256Hex },
    directory,
    tenants,
    writePath,
    checkpoints,
    readGate: new ReadGate(readStore, READ_WAIT_MS),
  });
}

/** Loaded only when it is asked for: most installations have no Kafka. */
function kafkaDoorsOf(parts: ServiceParts, commandBus: CommandBus): KafkaDoors | undefined {
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
async function drained(doors: HttpDoors, server: Server, parts: ServiceParts): Promise<void> {
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

function announce(parts: ServiceParts, installation: Installation, port: number): void {
  const { settings, logger } = parts;
  const { logId, installation: name } = installation.log;
  if (installation.apiKey === 'revoked') {
    logger.warn('DELTABOOK_API_KEY was revoked and stays so; give another key');
  }
  logger.info({ port, host: settings.HOST, logId, installation: name }, 'listening');
}
