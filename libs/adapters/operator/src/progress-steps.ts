// Turns work that reports by calling back into the steps that a handler yields.
import type { Json } from '@deltabook/integrity';

/**
 * Yields what the work reports, the newest where several came at once, and returns its result.
 * Throws what the work throws.
 */
export async function* progressSteps(
  work: (onProgress: (progress: Json) => void) => Promise<Json>,
): AsyncGenerator<Json, Json, void> {
  let newest: Json | undefined;
  let isDone = false;
  let wake = (): void => undefined;
  const result = work((progress) => {
    newest = progress;
    wake();
  }).finally(() => {
    isDone = true;
    wake();
  });
  // Its rejection is awaited below; until then nobody may hear of it.
  result.catch(() => undefined);
  while (!isDone) {
    if (newest === undefined) await new Promise<void>((resolve) => (wake = resolve));
    const step = newest;
    newest = undefined;
    if (step !== undefined) yield step;
  }
  return result;
}
