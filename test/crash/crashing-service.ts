// The built service with one change: at a named point it kills itself as `kill -9` would, after a
// number of passes. The product has no such switch; this is another composition root of its libs.
import type { EventStore } from '@deltabook/application';
import { join } from 'node:path';
import { main } from '../../apps/service/src/main';
import type { StoreOverrides } from '../../apps/service/src/stores';
import { pass } from './crash-point';

/** Dies when an append is durable and nobody has been told. */
function dyingBeforeReply(store: EventStore): EventStore {
  return new Proxy(store, {
    get(target, name): unknown {
      if (name === 'append') {
        return async (...given: Parameters<EventStore['append']>) => {
          const outcomes = await target.append(...given);
          pass();
          return outcomes;
        };
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

const OVERRIDES: Record<string, StoreOverrides> = {
  'before-fsync': { logWriterEntry: join(__dirname, 'crashing-log-writer.js') },
  'after-fsync': { logWriterEntry: join(__dirname, 'crashing-log-writer.js') },
  'between-append-and-reply': { decorateStore: dyingBeforeReply },
  'mid-projection': { projectorEntry: join(__dirname, 'crashing-projector.js') },
};

void main(OVERRIDES[process.env['CRASH_POINT'] ?? '']);
