// Whether this process can do its work. Lag alone is a warning; what it cannot do without is not.
import type { ReadStore } from '@deltabook/application';
import type { Readiness } from '@deltabook/adapters/http';

/** Events that may wait to be projected before readiness warns of it. */
const LAG_WARNED = 100_000n;

export function readinessOf(readStore: ReadStore, draining: boolean): Readiness {
  const { ready, rebuilding, position, head, problem } = readStore.progress();
  const reasons: string[] = [];
  const warnings: string[] = [];
  if (draining) reasons.push('shutting down');
  if (!ready) reasons.push(`read models are being built: position ${position} of ${head}`);
  else if (rebuilding) warnings.push('read models are being rebuilt beside those served');
  if (problem) (ready ? warnings : reasons).push(problem.message);
  if (ready && head - position > LAG_WARNED) {
    warnings.push(`read models are behind: position ${position} of ${head}`);
  }
  return { ready: reasons.length === 0, reasons, warnings };
}
