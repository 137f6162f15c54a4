// Waits for a condition that another thread or process brings about: it is looked at again and
// again, and the test's own time limit ends what never comes.
import { setTimeout as delay } from 'node:timers/promises';

const LOOK_AGAIN_MS = 20;

/** The first value that the condition accepts. */
export async function until<T>(look: () => Promise<T>, accepts: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await look();
    if (accepts(value)) return value;
    await delay(LOOK_AGAIN_MS);
  }
}
