// Keeps this member in its consumer group while a batch takes long: the client sends heartbeats
// only when it is asked to.

/**
 * Waits for `work` and calls `heartbeat` all along. When a heartbeat fails (the group rebalances,
 * the connection is gone), `onLost` is called once, `work` is waited for, and `lost` says why.
 */
export async function withHeartbeats<T>(
  work: Promise<T>,
  options: {
    readonly heartbeat: () => Promise<void>;
    readonly intervalMs: number;
    readonly onLost?: () => void;
  },
): Promise<{ readonly result: T; readonly lost: unknown }> {
  let lost: unknown;
  let beating = Promise.resolve();
  const timer = setInterval(() => {
    if (lost !== undefined) return;
    beating = options.heartbeat().catch((error: unknown) => {
      if (lost === undefined) options.onLost?.();
      lost ??= error ?? new Error('heartbeat failed');
    });
  }, options.intervalMs);
  try {
    const result = await work;
    await beating;
    return { result, lost };
  } finally {
    clearInterval(timer);
  }
}
