// deltabook import: the rows of a CSV or JSON lines file become deltas of a running service.
import { Command, Option } from 'commander';
import type { CliContext } from '../cli-context';
import { CommandExit } from '../command-exit';
import { summaryText } from '../import/import-display';
import { importFile, type ImportFileOptions } from '../import/import-file';
import { DEFAULT_COLUMNS, type ImportColumns } from '../import/row-item';
import { SourceError } from '../import/source-row';
import { countUpTo } from '../option-values';
import { apiKeyOf } from '../service-options';
import type { CliSettings } from '../settings';
import { UsageError } from '../usage-error';

/** Exit codes, beside 0: everything went in, now or before. */
export const EXIT_STOPPED = 1;
export const EXIT_WRONG_USE = 2;
export const EXIT_ROWS_REFUSED = 3;

const BATCH_ITEMS_MAX = 1_000;
const LANES_MAX = 64;
const RETRY_SECONDS_MAX = 86_400;

interface ImportFlags {
  readonly url: string;
  readonly apiKeyFile?: string;
  readonly format?: 'csv' | 'jsonl';
  readonly delimiter: string;
  readonly customerIdColumn: string;
  readonly deltaColumn: string;
  readonly reasonColumn: string;
  readonly referenceIdColumn: string;
  readonly occurredAtColumn: string;
  readonly idempotencyKeyColumn: string;
  readonly reason?: string;
  readonly metadata: boolean;
  readonly keyless: boolean;
  readonly batchSize: number;
  readonly concurrency: number;
  readonly retrySeconds: number;
  readonly progressFile?: string;
  readonly refused?: string;
  readonly json: boolean;
}

const EXPLANATION = `
Examples:
  deltabook import history.csv
  deltabook import usage.csv --delimiter ';' --customer-id-column account --delta-column amount
  deltabook import events.jsonl --reason usage --refused refused.jsonl --json

The API key is taken from DELTABOOK_API_KEY or from the file of --api-key-file, never from an
argument, which every user of the machine could read.

Every row needs a referenceId or an idempotencyKey: it is the key of its delta, so the same file can
be imported again and counts nothing twice. Rows of one customer are sent in the order of the file.
Columns that have no option of their own become metadata.

Exit codes: 0 every row is in, now or from before; 3 the rest is in, the named rows were refused;
1 stopped before the end, the same command goes on where it stopped; 2 wrong use.`;

export function importCommand(context: CliContext): Command {
  const command = new Command('import')
    .description('import deltas from a CSV or JSON lines file into a running service')
    .argument('<file>', 'a .csv file with a header line, or .jsonl')
    .option('--url <url>', 'address of the service', context.settings.url)
    .option('--api-key-file <file>', 'file that holds the API key')
    .addOption(new Option('--format <format>', 'instead of the suffix').choices(['csv', 'jsonl']))
    .option('--delimiter <text>', 'between two columns of a CSV file; \\t is a tab', ',');
  for (const [name, column] of Object.entries(DEFAULT_COLUMNS)) {
    const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    command.option(`--${flag}-column <name>`, `column of ${name}`, column as string);
  }
  return command
    .option('--reason <text>', 'reason of rows that have none')
    .option('--no-metadata', 'leave further columns out')
    .option('--keyless', 'also send rows without a key; a second run counts them again', false)
    .option('--batch-size <count>', 'rows in one request', countUpTo(BATCH_ITEMS_MAX), 500)
    .option('--concurrency <count>', 'requests at once', countUpTo(LANES_MAX), 4)
    .option(
      '--retry-seconds <count>',
      'how long a busy or absent service is waited for',
      countUpTo(RETRY_SECONDS_MAX),
      300,
    )
    .option('--progress-file <file>', 'instead of <file>.import-progress.json')
    .option('--refused <file>', 'write refused rows to this file, one JSON object a line')
    .option('--json', 'print the result as JSON', false)
    .addHelpText('after', EXPLANATION)
    .action(async (file: string, flags: ImportFlags) => {
      const exitCode = await runImport(file, flags, context);
      if (exitCode !== 0) throw new CommandExit(exitCode);
    });
}

async function runImport(
  file: string,
  flags: ImportFlags,
  { settings, terminal }: CliContext,
): Promise<number> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    const options = optionsOf(file, flags, { settings, signal: stop.signal });
    const { problem, summary } = await importFile(options);
    terminal.result(flags.json ? JSON.stringify(summary) : summaryText(summary));
    if (problem) {
      terminal.note(`stopped: ${problem.message}; run the same command again to go on`);
      return EXIT_STOPPED;
    }
    return summary.refused > 0 ? EXIT_ROWS_REFUSED : 0;
  } catch (error) {
    if (!isWrongUse(error)) throw error;
    terminal.note(`error: ${file}: ${error.message}`);
    return EXIT_WRONG_USE;
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

/** A file that is not there, or not what it was said to be. */
function isWrongUse(error: unknown): error is Error {
  const { code } = error as { readonly code?: string };
  return (
    error instanceof SourceError ||
    error instanceof UsageError ||
    code === 'ENOENT' ||
    code === 'EISDIR'
  );
}

function optionsOf(
  file: string,
  flags: ImportFlags,
  given: { readonly settings: CliSettings; readonly signal: AbortSignal },
): ImportFileOptions {
  const { apiKeyFile, batchSize, concurrency, keyless, metadata, reason } = flags;
  const apiKey = apiKeyOf(given.settings, apiKeyFile);
  return {
    file,
    format: flags.format ?? (/\.(jsonl|ndjson)$/i.test(file) ? 'jsonl' : 'csv'),
    delimiter: flags.delimiter === '\\t' ? '\t' : flags.delimiter,
    mapping: { columns: columnsOf(flags), reason, withoutMetadata: !metadata, keyless },
    url: flags.url,
    apiKey,
    batchCountMax: batchSize,
    laneCount: concurrency,
    retryMsMax: flags.retrySeconds * 1_000,
    progressFile: flags.progressFile ?? `${file}.import-progress.json`,
    refusedFile: flags.refused,
    signal: given.signal,
  };
}

function columnsOf(flags: ImportFlags): ImportColumns {
  return {
    customerId: flags.customerIdColumn,
    delta: flags.deltaColumn,
    reason: flags.reasonColumn,
    referenceId: flags.referenceIdColumn,
    occurredAt: flags.occurredAtColumn,
    idempotencyKey: flags.idempotencyKeyColumn,
  };
}
