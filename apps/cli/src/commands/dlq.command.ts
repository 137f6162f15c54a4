// deltabook dlq list|replay: messages that the Kafka intake refused for good.
import { Command } from 'commander';
import type { CliContext } from '../cli-context';
import { CommandExit } from '../command-exit';
import { runOperatorCommand } from '../operator-command';
import { withOperatorOptions, type OperatorOptions } from '../operator-options';
import { progressDisplay } from '../progress-display';
import { tableLines } from '../terminal';

/** Exit code of a replay in which letters were refused again. */
const EXIT_REFUSED_AGAIN = 3;

interface DlqOptions extends OperatorOptions {
  readonly reason?: string;
}

interface LetterRow {
  readonly letter: string;
  readonly reason: string;
  readonly detail: string;
  readonly refusedAt: string;
  readonly key: string | null;
  readonly byteCount: number;
}

interface ReplayResult {
  readonly emitted: number;
  readonly repeated: number;
  readonly refused: readonly LetterRow[];
}

const EXAMPLES = `
Examples:
  deltabook dlq list
  deltabook dlq list --reason CUSTOMER_FENCED --json
  deltabook dlq replay --reason CUSTOMER_FENCED
  deltabook dlq replay deltabook.deltas/3/1042

A letter is named by topic/partition/offset of the message that was refused. Replaying tries it
again under its first key: what went through before changes nothing, and what goes through is taken
out of the topic. The service must run, with KAFKA_BROKERS: it has the connection.

Exit codes of replay: 0 all went through, ${EXIT_REFUSED_AGAIN} some were refused again, 1 not done,
2 wrong usage.`;

export function dlqCommand(context: CliContext): Command {
  return new Command('dlq')
    .description('list and replay messages that the Kafka intake refused')
    .addCommand(listCommand(context))
    .addCommand(replayCommand(context))
    .addHelpText('after', EXAMPLES);
}

function listCommand({ settings, terminal }: CliContext): Command {
  const command = new Command('list')
    .description('list dead letters, oldest first')
    .option('--reason <code>', 'only those refused for this reason');
  return withOperatorOptions(command, settings).action(async (options: DlqOptions) => {
    const args = argsOf(undefined, options);
    const { dataDir } = options;
    const operation = { ...settings, dataDir, mayMake: false, command: 'dlq.list', args };
    const listed = (await runOperatorCommand(operation)) as unknown as {
      readonly letters: readonly LetterRow[];
    };
    if (options.json) return terminal.result(JSON.stringify(listed));
    for (const line of letterLines(listed.letters)) terminal.result(line);
  });
}

function replayCommand({ settings, terminal }: CliContext): Command {
  const command = new Command('replay')
    .description('try dead letters again, under their first keys')
    .argument('[letter]', 'topic/partition/offset; all when it is left out')
    .option('--reason <code>', 'only those refused for this reason');
  return withOperatorOptions(command, settings).action(
    async (letter: string | undefined, options: DlqOptions) => {
      const { onProgress, end } = progressDisplay(terminal, 'replaying');
      const args = argsOf(letter, options);
      const { dataDir } = options;
      const operation = { ...settings, dataDir, mayMake: false, command: 'dlq.replay', args };
      const running = runOperatorCommand({ ...operation, onProgress }).finally(end);
      const result = (await running) as unknown as ReplayResult;
      if (options.json) terminal.result(JSON.stringify(result));
      else for (const line of replayLines(result)) terminal.result(line);
      if (result.refused.length > 0) throw new CommandExit(EXIT_REFUSED_AGAIN);
    },
  );
}

function argsOf(
  letter: string | undefined,
  { reason }: DlqOptions,
): { readonly [name: string]: string } {
  return {
    ...(letter === undefined ? {} : { letter }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function letterLines(letters: readonly LetterRow[]): readonly string[] {
  const rows = letters.map((one) => [
    one.letter,
    one.reason,
    one.refusedAt,
    one.key ?? '',
    one.detail,
  ]);
  return tableLines(['LETTER', 'REASON', 'REFUSED', 'KEY', 'DETAIL'], rows);
}

function replayLines({ emitted, repeated, refused }: ReplayResult): readonly string[] {
  const counts = `${emitted} emitted, ${repeated} were in before, ${refused.length} refused again`;
  return [...refused.map(({ letter, detail }) => `${letter}: ${detail}`), counts];
}
