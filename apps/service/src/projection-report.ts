// A line now and then while read models are being built, so that a long start shows that it moves.
import type { ReadStore } from '@deltabook/application';
import type { Logger } from 'pino';

const PERCENT = 100n;

/** Logs progress every `everyMs` until the rows are ready; returns a function that ends it. */
export function reportProjection(
  readStore: ReadStore,
  logger: Logger,
  everyMs: number,
): () => void {
  let wasBuilding = false;
  const timer = setInterval(() => {
    const { position, head, ready, rebuilding, problem } = readStore.progress();
    if (problem) logger.error({ position: String(position) }, problem.message);
    if (rebuilding) {
      const percent = head > 0n ? Number((position * PERCENT) / head) : 0;
      const counts = { position: String(position), head: String(head), percent, serving: ready };
      logger.info(counts, 'building read models');
    } else if (wasBuilding) {
      logger.info({ position: String(position) }, 'read models are complete');
    }
    wasBuilding = rebuilding;
  }, everyMs);
  return () => clearInterval(timer);
}
