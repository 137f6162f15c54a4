// deltabook copy-log: moves the truth from the embedded store to EventStoreDB, or back.
import { Command, InvalidArgumentError } from 'commander';
import type { CliContext } from '../cli-context';
import { runCopy } from '../copy-log/run-copy';
import { withOperatorOptions, type OperatorOptions } from '../operator-options';
import { progressDisplay } from '../progress-display';

const PLACE = /^(embedded|esdb(\+discover)?:\/\/.+)$/;

interface CopyFlags extends OperatorOptions {
  readonly from: string;
  readonly to: string;
}

const EXAMPLES = `
Examples:
  deltabook copy-log --from embedded --to esdb://node1:2113 --data-dir /var/lib/deltabook
  deltabook copy-log --from esdb+discover://node1:2113,node2:2113 --to embedded

Stop every service of the installation first. Order within a stream, ids, recordIds, receipts and
times stay as they are; the target gets a store id of its own, so read models are built anew. What
was cut short goes on when the same command is run again. At the end both logs are read again and
compared. EVENT_STORE_PREFIX, EVENT_STORE_CA_FILE, EVENT_STORE_USER_FILE and
EVENT_STORE_PASSWORD_FILE mean what they mean to the service.`;

export function copyLogCommand({ settings, terminal }: CliContext): Command {
  const command = new Command('copy-log')
    .description('copy the whole log into another event store')
    .requiredOption(
      '--from <store>',
      'embedded (in DATA_DIR), esdb://… or esdb+discover://…',
      place,
    )
    .requiredOption('--to <store>', 'the same; the other one', place)
    .addHelpText('after', EXAMPLES);
  return withOperatorOptions(command, settings).action(async (flags: CopyFlags) => {
    const { from, to, dataDir, json } = flags;
    const stop = new AbortController();
    const onSignal = (): void => stop.abort(new Error('stopped; the same command goes on'));
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
    const { onProgress, end } = progressDisplay(terminal, 'copying');
    const { signal } = stop;
    try {
      const result = await runCopy({ from, to, dataDir, settings, signal, onProgress });
      if (json) return terminal.result(JSON.stringify(result));
      terminal.note(`copied and compared ${result.events} events; store id ${result.storeId}`);
    } finally {
      end();
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    }
  });
}

function place(text: string): string {
  if (PLACE.test(text)) return text;
  throw new InvalidArgumentError('Give embedded, esdb://… or esdb+discover://….');
}
