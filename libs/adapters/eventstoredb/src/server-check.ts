// What a server must be to keep the ledger.
import { EventStoreDbStartError } from './start-errors';
import type { LedgerClient } from './ledger-client';

/** From here on subscriptions say when they have caught up, and events carry positions. */
const OLDEST_MAJOR = 23;
const OLDEST_MINOR = 10;

/** The server's version. @throws EventStoreDbStartError when it is too old */
export async function requireServer(client: LedgerClient): Promise<string> {
  const { version, batches } = await client.server();
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const recent = major > OLDEST_MAJOR || (major === OLDEST_MAJOR && minor >= OLDEST_MINOR);
  if (recent && batches) return version;
  throw new EventStoreDbStartError(
    'SERVER_TOO_OLD',
    `EventStoreDB at ${client.nodes} has version ${version}; ` +
      `Deltabook needs ${OLDEST_MAJOR}.${OLDEST_MINOR} or newer`,
  );
}

/** Runs an opening, at most for `timeoutMs`. */
export async function withinTime<T>(timeoutMs: number, open: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([open(), late]);
  } finally {
    clearTimeout(timer);
  }
}
