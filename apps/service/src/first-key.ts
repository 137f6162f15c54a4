// Shows an installation's first key, the one time that there is something to show.
import type { Installation } from '@deltabook/application';

/**
 * The one time that a key is shown: on the terminal, never through the logger, and before anything
 * else can stop the start, since no later start will show it.
 */
export function showFirstKey({ firstKey }: Installation): void {
  if (firstKey !== undefined) {
    process.stdout.write(`\nAPI key (shown once, sandbox): ${firstKey}\n\n`);
  }
}
