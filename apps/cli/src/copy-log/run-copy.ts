// One copy of a log: begun or gone on with, verified at its end, and only then in its place.
import { sha256Hex } from '@deltabook/adapters/node-crypto';
import { OperatorRefusal } from '@deltabook/adapters/operator';
import { copyLog, digestOf, LOG_START, type EventStore } from '@deltabook/application';
import { INSTALLATION_STREAM } from '@deltabook/domain';
import type { Json } from '@deltabook/integrity';
import { setTimeout as delay } from 'node:timers/promises';
import type { CliSettings } from '../settings';
import type { OpenedLog } from './log-end';
import { openSource, openTarget } from './opened-log';
import { CopyProgress } from './saved-copy';

const RETRY = { unknownRetriesMax: 50, unknownRetryDelayMs: 100, pause: delay } as const;
/** Shares of the work: the copy itself, then reading both logs again. */
const COPY_SHARE = 0.6;
const FIRST = { from: 0, direction: 'forwards', limit: 1 } as const;

export interface CopyOptions {
  readonly from: string;
  readonly to: string;
  readonly dataDir: string;
  readonly settings: CliSettings;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Json) => void;
}

export interface CopyResult {
  readonly events: number;
  readonly storeId: string;
}

/** Throws one line for the user; the same call goes on where it was cut short. */
export async function runCopy(options: CopyOptions): Promise<CopyResult> {
  const { from, to, ...rest } = options;
  const source = await openSource({ place: from, ...rest });
  let target: OpenedLog | undefined;
  let isDone = false;
  try {
    target = await openTarget({ place: to, ...rest });
    const progress = new CopyProgress(rest.dataDir, source.store.storeId, target.store.storeId);
    await copy(source.store, target.store, { ...options, progress });
    const events = await verified(source.store, target.store, options);
    progress.remove();
    const { storeId } = target.store;
    isDone = true;
    return { events, storeId };
  } finally {
    await source.close();
    await (isDone ? target?.finish() : target?.close());
  }
}

async function copy(
  from: EventStore,
  to: EventStore,
  options: CopyOptions & { readonly progress: CopyProgress },
): Promise<void> {
  const { progress, signal, onProgress } = options;
  const saved = progress.read();
  const [occupant] = await to.readStream(INSTALLATION_STREAM, FIRST);
  if (occupant && saved === undefined) {
    throw new OperatorRefusal(
      'TARGET_OCCUPIED',
      'the target holds an installation already; name an empty one, or another EVENT_STORE_PREFIX',
    );
  }
  const after = saved ?? LOG_START;
  if (saved === undefined) progress.write(after);
  const head = Number(await from.head());
  const onCopied = (position: bigint): void => {
    progress.write(position);
    onProgress({ share: COPY_SHARE * Math.min(1, Number(position) / Math.max(1, head)) });
  };
  await copyLog({ from, to, after, retry: RETRY, signal, onCopied });
}

/** Number of events, once both logs were read again and hold the same. */
async function verified(
  from: EventStore,
  to: EventStore,
  { signal, onProgress }: CopyOptions,
): Promise<number> {
  const source = await digestOf({ log: from, sha256Hex, signal, onRead: () => undefined });
  const total = Math.max(1, source.eventCount);
  const onRead = (count: number): void =>
    onProgress({ share: COPY_SHARE + (1 - COPY_SHARE) * Math.min(1, count / total) });
  const target = await digestOf({ log: to, sha256Hex, signal, onRead });
  if (source.eventCount === target.eventCount && source.sum === target.sum) {
    return target.eventCount;
  }
  throw new OperatorRefusal(
    'COPY_DIFFERS',
    `the target holds ${target.eventCount} events, the source ${source.eventCount}, or others; ` +
      'copy into an empty target while no service runs',
  );
}
