// The service as a process: settings in, signals in, one clear line when it cannot start.
import type { Logger } from 'pino';
import { createLogger } from './logger';
import { startService } from './service';
import type { RunningService } from './service-doors';
import { readSettings } from './settings';
import type { StoreOverrides } from './stores';

const STOPPED = 0;
/** It could not start, or cannot be trusted to go on. */
const FAILED = 1;

/** Runs until a signal ends it. `overrides` are for composition roots of tests. */
export async function main(overrides: StoreOverrides = {}): Promise<void> {
  try {
    outliveReaders();
    const settings = readSettings();
    const logger = createLogger(settings.LOG_LEVEL);
    const onFatal = (error: Error): void => end(logger, error);
    stopOnSignals(await startService(settings, { logger, onFatal }, overrides), logger);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(FAILED);
  }
}

/** Who read the output may be gone, as a terminal is after a while: that ends no service. */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

function stopOnSignals(service: RunningService, logger: Logger): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      service.stop(signal).then(
        () => process.exit(STOPPED),
        (error: Error) => end(logger, error),
      );
    });
  }
}

function end(logger: Logger, error: Error): void {
  logger.fatal({ err: error }, 'the service cannot go on');
  process.exit(FAILED);
}

if (require.main === module) void main();
