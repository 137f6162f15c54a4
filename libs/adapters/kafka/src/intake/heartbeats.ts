// Keeps this member in its consumer group while a batch takes long: the client sends heartbeats
// only when it is asked to.

/**
 * Waits for `work` and calls `heartbeat` all along and once after it. When a heartbeat fails (the
 * group rebalances, the connection is gone), `onLost` is called once, `work` is waited for, and the
 * result says why; undefined when all went well.
 */
export async function withHeartbeats(
  work: Promise<void>,
  options: {
    readonly heartbeat: () => Promise<void>;
    readonly intervalMs: number;
    readonly onLost?: () => void;
  },
): Promise<unknown> {
  let lost: unknown;
  let beating = Promise.resolve();
  const beat = (): Promise<void> => {
    if (lost !== undefined) return beating;
    beating = options.heartbeat().catch((error: unknown) => {
      if (lost === undefined) options.onLost?.();
      lost ??= error ?? new Error('heartbeat failed');
    });
    return beating;
  };
  const timer = setInterval(() => void beat(), options.intervalMs);
  try {
    await work;
    await beat();
    return lost;
  } finally {
    clearInterval(timer);
  }
}
