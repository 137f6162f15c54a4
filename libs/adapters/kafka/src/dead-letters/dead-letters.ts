// Lists what lies in the dead letter topic and tries letters again, for the operator's CLI.
import { DeltaSequence, EmitDeltasCommand, type EmitOutcome } from '@deltabook/application';
import type { Kafka } from 'kafkajs';
import type { EmitDeltas } from '../intake/partition-batch';
import { readMessage, type ReadDeltaBody } from '../intake/read-message';
import type { TopicBinding } from '../intake/topic-binding';
import { sendMessages } from '../send-messages';
import { readTopic } from '../read-topic';
import { letterKey, letterOf, type DeadLetter } from './dead-letter';

/** Reads every letter that was not taken away, once each by its coordinates, oldest first. */
export async function listDeadLetters(
  kafka: Kafka,
  options: { readonly topic: string; readonly lettersMax: number },
): Promise<readonly DeadLetter[]> {
  const letters = new Map<string, DeadLetter>();
  await readTopic(kafka, options.topic, (message) => {
    const key = message.key?.toString() ?? '';
    const letter = letterOf(message);
    if (!letter) letters.delete(key);
    else if (letters.size < options.lettersMax || letters.has(key)) letters.set(key, letter);
  });
  return [...letters.values()];
}

export interface ReplayOptions {
  readonly topic: string;
  readonly bindings: readonly TopicBinding[];
  readonly bodyBytesMax: number;
  readonly readBody: ReadDeltaBody;
  readonly emitDeltas: EmitDeltas;
  readonly now: () => number;
}

/** What became of one letter: it stays in the topic unless it was emitted or had been before. */
export interface Replayed {
  readonly letter: DeadLetter;
  readonly outcome: 'emitted' | 'repeated' | 'refused';
  /** Why it was refused again. */
  readonly detail: string;
}

/**
 * Tries letters again under the key they had: replaying twice, or after the message came through
 * another way, changes nothing. Letters that went through are taken out of the topic.
 */
export async function replayDeadLetters(
  kafka: Kafka,
  letters: readonly DeadLetter[],
  options: ReplayOptions,
): Promise<readonly Replayed[]> {
  const replayed: Replayed[] = [];
  // One at a time: letters are few, and each one's order within its customer is kept.
  for (const letter of letters) replayed.push(await replay(letter, options));
  const settled = replayed.filter(({ outcome }) => outcome !== 'refused');
  if (settled.length > 0)
    await takeAway(
      kafka,
      options.topic,
      settled.map(({ letter }) => letter),
    );
  return replayed;
}

async function replay(letter: DeadLetter, options: ReplayOptions): Promise<Replayed> {
  const { coordinates } = letter;
  const refused = (detail: string): Replayed => ({ letter, outcome: 'refused', detail });
  const binding = options.bindings.find(({ topic }) => topic === coordinates.topic);
  if (!binding) return refused(`topic ${coordinates.topic} is bound to no tenant`);
  const { bodyBytesMax, readBody, now } = options;
  const context = { binding, coordinates, bodyBytesMax, readBody, now: now() };
  const read = readMessage(letter.message, context);
  if ('code' in read) return refused(`${read.code}: ${read.detail}`);
  const command = new EmitDeltasCommand([read], new DeltaSequence());
  const [outcome] = await options.emitDeltas(command);
  return outcome ? { letter, ...summaryOf(outcome) } : refused('there was no outcome');
}

function summaryOf(outcome: EmitOutcome): Pick<Replayed, 'outcome' | 'detail'> {
  return outcome.kind === 'refused'
    ? { outcome: 'refused', detail: outcome.code }
    : { outcome: outcome.kind, detail: '' };
}

function takeAway(kafka: Kafka, topic: string, letters: readonly DeadLetter[]): Promise<void> {
  const tombstones = letters.map(({ coordinates }) => ({
    key: letterKey(coordinates),
    value: null,
  }));
  return sendMessages(kafka, topic, tombstones);
}
