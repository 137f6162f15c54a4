// Imports one file into a running service, from where an earlier run was stopped.
import { statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { BatchSender } from './batch-sender';
import { importDisplay, type ImportDisplay, type ImportSummary } from './import-display';
import { ImportRun } from './import-run';
import { readCsv } from './read-csv';
import { readJsonLines } from './read-jsonl';
import { RefusedRows } from './refused-rows';
import type { Mapping } from './row-item';
import { fingerprintOf, NO_PROGRESS, SavedProgress } from './saved-progress';
import { SourceError, type SourceRow } from './source-row';

/** Under the service's bound of 4 MiB a batch, with room for the envelope. */
const BATCH_BYTES_MAX = 3_500_000;
const SAVE_MS = 1_000;

export interface ImportFileOptions {
  readonly file: string;
  readonly format: 'csv' | 'jsonl';
  readonly delimiter: string;
  readonly mapping: Mapping;
  readonly url: string;
  readonly apiKey: string;
  readonly batchCountMax: number;
  readonly laneCount: number;
  readonly retryMsMax: number;
  readonly progressFile: string;
  readonly refusedFile: string | undefined;
  readonly signal: AbortSignal;
}

/** What came of it; `problem` says why it stopped before the end. */
export interface ImportResult {
  readonly summary: ImportSummary;
  readonly problem: Error | undefined;
}

/** Rejects only when the file cannot be read as what it is said to be. */
export async function importFile(options: ImportFileOptions): Promise<ImportResult> {
  const { file, mapping, signal, url } = options;
  const startedAt = performance.now();
  const keyId = options.apiKey.split('.')[0];
  const saved = new SavedProgress(options.progressFile, fingerprintOf(file, [url, keyId, mapping]));
  const earlier = saved.read() ?? NO_PROGRESS;
  const refused = new RefusedRows(options.refusedFile, earlier.settledLine);
  const display = importDisplay(statSync(file).size);
  if (earlier.settledLine > 0) display.note(`going on after line ${earlier.settledLine}`);
  const keep = keeperOf(saved, display);
  const run = new ImportRun({
    ...options,
    batchBytesMax: BATCH_BYTES_MAX,
    earlier,
    sender: senderOf(options, display),
    onRefused: (row) => refused.add(row),
    onProgress: (current) => {
      display.update(current.byteCount, current.counts);
      keep(current, SAVE_MS);
    },
  });
  const problem = await run.take(rowsOf(options)).then(
    () => (signal.aborted ? new Error('stopped on request') : undefined),
    (error: Error) => error,
  );
  display.end();
  if (problem instanceof SourceError && run.byteCount === 0) throw problem;
  if (problem) keep(run, 0);
  else saved.remove();
  const seconds = (performance.now() - startedAt) / 1_000;
  const refusedRows = refused.named();
  const resumedAfterLine = earlier.settledLine;
  const finished = problem === undefined;
  const summary = { file, finished, ...run.counts, seconds, resumedAfterLine, refusedRows };
  return { summary, problem };
}

function rowsOf({ file, format, delimiter, mapping }: ImportFileOptions): AsyncIterable<SourceRow> {
  if (format === 'jsonl') return readJsonLines(file);
  const { customerId, delta } = mapping.columns;
  return readCsv(file, delimiter, (columns) => {
    for (const name of [customerId, delta]) {
      if (columns.includes(name)) continue;
      const option = name === customerId ? '--customer-id-column' : '--delta-column';
      const known = columns.join(', ');
      throw new SourceError(`no column is named "${name}": set ${option} to one of ${known}`);
    }
  });
}

function senderOf(options: ImportFileOptions, display: ImportDisplay): BatchSender {
  return new BatchSender({
    ...options,
    pause: async (ms, signal) => {
      await delay(ms, undefined, { signal }).catch(() => undefined);
    },
    onRetry: (reason, pauseMs) =>
      display.note(`${reason} – again in ${(pauseMs / 1_000).toFixed(1)} s`),
  });
}

/**
 * Saves the progress at most once in `everyMs`; a folder that cannot be written to is no obstacle.
 */
function keeperOf(
  saved: SavedProgress,
  display: ImportDisplay,
): (run: ImportRun, everyMs: number) => void {
  let savedAt = performance.now();
  let writable = true;
  return (run, everyMs) => {
    if (!writable || performance.now() - savedAt < everyMs) return;
    savedAt = performance.now();
    try {
      saved.write(run.progress());
    } catch (error) {
      writable = false;
      display.note(
        `progress cannot be saved (${(error as Error).message}): a stopped import starts ` +
          'anew, which counts nothing twice; --progress-file sets another place',
      );
    }
  };
}
