// `deltabook dlq list|replay`, over the brokers and the write path of this service.
import {
  kafkaClient,
  letterKey,
  listDeadLetters,
  replayDeadLetters,
  type DeadLetter,
  type Replayed,
} from '@deltabook/adapters/kafka';
import {
  OperatorRefusal,
  type OperatorArgs,
  type OperatorHandlers,
} from '@deltabook/adapters/operator';
import type { Json } from '@deltabook/integrity';
import { BODY_BYTES_MAX, kafkaConnection, topicBindings, type KafkaParts } from './kafka';

/** Letters that one command lists or replays. */
const LETTERS_MAX = 10_000;
/** Letters that are replayed before progress is told. */
const LETTERS_PER_STEP = 50;

export function deadLetterHandlers(parts: KafkaParts): OperatorHandlers {
  return {
    'dlq.list': async (args) => {
      const letters = await chosenLetters(parts, args);
      return { topic: parts.settings.KAFKA_DELTAS_TOPIC_DLQ, letters: letters.map(letterJson) };
    },
    'dlq.replay': (args, signal) => replaySteps(parts, args, signal),
  };
}

async function chosenLetters(
  { settings, log }: KafkaParts,
  args: OperatorArgs,
): Promise<readonly DeadLetter[]> {
  const kafka = kafkaClient(kafkaConnection(settings, log));
  const topic = settings.KAFKA_DELTAS_TOPIC_DLQ;
  const letters = await listDeadLetters(kafka, { topic, lettersMax: LETTERS_MAX });
  const { letter: key, reason } = args;
  const chosen = letters
    .filter((letter) => key === undefined || letterKey(letter.coordinates) === key)
    .filter((letter) => reason === undefined || letter.reason === reason);
  if (chosen.length > 0 || key === undefined) return chosen;
  const advice = 'list them with: deltabook dlq list';
  throw new OperatorRefusal('LETTER_NOT_FOUND', `there is no letter ${String(key)}; ${advice}`);
}

/** Under its first key each: what went through before, by whichever way, changes nothing. */
async function* replaySteps(
  parts: KafkaParts,
  args: OperatorArgs,
  signal: AbortSignal,
): AsyncGenerator<Json, Json, void> {
  const { settings, log, emitDeltas, readBody } = parts;
  const letters = await chosenLetters(parts, args);
  const kafka = kafkaClient(kafkaConnection(settings, log));
  const options = {
    topic: settings.KAFKA_DELTAS_TOPIC_DLQ,
    bindings: topicBindings(settings),
    bodyBytesMax: BODY_BYTES_MAX,
    readBody,
    emitDeltas,
    now: () => Date.now(),
  };
  const replayed: Replayed[] = [];
  for (let from = 0; from < letters.length; from += LETTERS_PER_STEP) {
    signal.throwIfAborted();
    const step = letters.slice(from, from + LETTERS_PER_STEP);
    replayed.push(...(await replayDeadLetters(kafka, step, options)));
    yield { share: replayed.length / letters.length };
  }
  const count = (wanted: Replayed['outcome']): number =>
    replayed.filter(({ outcome }) => outcome === wanted).length;
  const refused = replayed.filter(({ outcome }) => outcome === 'refused');
  return {
    emitted: count('emitted'),
    repeated: count('repeated'),
    refused: refused.map(({ letter, detail }) => ({ ...letterJson(letter), detail })),
  };
}

type LetterJson = { readonly [name: string]: Json };

function letterJson({ coordinates, reason, detail, refusedAt, message }: DeadLetter): LetterJson {
  return {
    letter: letterKey(coordinates),
    reason,
    detail,
    refusedAt: new Date(refusedAt).toISOString(),
    key: message.key?.toString() ?? null,
    byteCount: message.value?.length ?? 0,
  };
}
