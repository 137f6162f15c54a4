// One signal out of a caller's signal and a time limit. AbortSignal.any is newer than Node 18.

export interface Deadline {
  readonly signal: AbortSignal;
  /** True once the time limit, and not the caller, has ended it. */
  readonly isOver: () => boolean;
  /** Begins the time limit anew. */
  readonly extend: () => void;
  /** The promise's outcome, or a rejection as soon as the signal aborts. */
  readonly race: <T>(work: Promise<T>) => Promise<T>;
  /** Must be called when the work has ended: frees the timer and the caller's signal. */
  readonly release: () => void;
}

/** Aborts when `outer` does, or after `timeoutMs`. */
export function startDeadline(timeoutMs: number, outer: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  let over = false;
  const start = (): ReturnType<typeof setTimeout> =>
    setTimeout(() => {
      over = true;
      controller.abort();
    }, timeoutMs);
  let timer = start();
  const follow = (): void => controller.abort(outer?.reason);
  if (outer?.aborted === true) follow();
  outer?.addEventListener('abort', follow, { once: true });
  const aborted = abortionOf(controller.signal);
  return {
    signal: controller.signal,
    isOver: () => over,
    extend: () => {
      clearTimeout(timer);
      timer = start();
    },
    race: (work) => Promise.race([work, aborted]),
    release: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', follow);
    },
  };
}

/**
 * Rejects when the signal aborts. The fetch of Node up to 20 loses its hold of the signal once its
 * request is collected as garbage, so a body that is being read has to be raced against it.
 */
function abortionOf(signal: AbortSignal): Promise<never> {
  const aborted = new Promise<never>((_, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
  // Nobody may be racing when it happens.
  aborted.catch(() => undefined);
  return aborted;
}

/** Resolves after `delayMs`; rejects with the signal's reason when that aborts before. */
export function pause(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      // The caller's own reason, whatever it is, as fetch does.
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, delayMs);
    if (signal?.aborted === true) return abort();
    signal?.addEventListener('abort', abort, { once: true });
  });
}
