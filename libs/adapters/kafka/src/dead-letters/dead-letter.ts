// A message that was refused for good, as it lies in the dead letter topic: its value is the
// original's, byte for byte, its key names where the original lies, and headers carry the rest.
import type { WriteRefusalCode } from '@deltabook/application';
import type { IHeaders, Message } from 'kafkajs';
import {
  headerText,
  type Coordinates,
  type MessageHeaders,
  type PoisonCode,
  type RawMessage,
} from '../intake/read-message';

export interface DeadLetter {
  readonly coordinates: Coordinates;
  readonly reason: PoisonCode | WriteRefusalCode;
  readonly detail: string;
  /** Milliseconds since the epoch. */
  readonly refusedAt: number;
  readonly message: RawMessage;
}

const PREFIX = 'deltabook-';
const ORIGINAL_PREFIX = `${PREFIX}original-`;

/** Key of the letter: topic, partition and offset, with the epoch once a topic was made anew. */
export function letterKey({ topic, partition, offset, epoch }: Coordinates): string {
  const place = `${topic}/${partition}/${offset}`;
  return epoch === '0' ? place : `${place}#${epoch}`;
}

/** The letter as a message; a tombstone under the same key takes it away again. */
export function letterMessage(letter: DeadLetter): Message {
  const { coordinates, message, reason, detail, refusedAt } = letter;
  const headers: IHeaders = {
    [`${PREFIX}reason`]: reason,
    [`${PREFIX}detail`]: detail,
    [`${PREFIX}refused-at`]: String(refusedAt),
    [`${PREFIX}cluster`]: coordinates.cluster,
    [`${PREFIX}epoch`]: coordinates.epoch,
    [`${PREFIX}topic`]: coordinates.topic,
    [`${PREFIX}partition`]: String(coordinates.partition),
    [`${PREFIX}offset`]: coordinates.offset,
  };
  if (message.key !== null) headers[`${PREFIX}key`] = message.key;
  if (message.value === null) headers[`${PREFIX}no-value`] = 'true';
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    if (value !== undefined) headers[ORIGINAL_PREFIX + name] = value as IHeaders[string];
  }
  return { key: letterKey(coordinates), value: message.value ?? Buffer.alloc(0), headers };
}

/** Reads a letter back; undefined for anything else that lies in the topic. */
export function letterOf(stored: RawMessage): DeadLetter | undefined {
  const { headers, value } = stored;
  const reason = headerText(headers, `${PREFIX}reason`);
  const coordinates = coordinatesOf(headers);
  if (value === null || reason === undefined || coordinates === undefined) return undefined;
  const hadNoValue = headerText(headers, `${PREFIX}no-value`) === 'true';
  return {
    coordinates,
    reason: reason as DeadLetter['reason'],
    detail: headerText(headers, `${PREFIX}detail`) ?? '',
    refusedAt: Number(headerText(headers, `${PREFIX}refused-at`)),
    message: {
      key: keyOf(headers),
      value: hadNoValue ? null : value,
      headers: originalHeaders(headers),
    },
  };
}

function coordinatesOf(headers: MessageHeaders | undefined): Coordinates | undefined {
  const text = (name: string): string | undefined => headerText(headers, PREFIX + name);
  const topic = text('topic');
  const offset = text('offset');
  if (topic === undefined || offset === undefined) return undefined;
  const [cluster = '', epoch = '0'] = [text('cluster'), text('epoch')];
  return { cluster, epoch, topic, partition: Number(text('partition')), offset };
}

function keyOf(headers: MessageHeaders | undefined): Buffer | null {
  const key = headers?.[`${PREFIX}key`];
  return Buffer.isBuffer(key) ? key : null;
}

function originalHeaders(headers: MessageHeaders | undefined): MessageHeaders {
  const given = Object.entries(headers ?? {}).filter(([name]) => name.startsWith(ORIGINAL_PREFIX));
  return Object.fromEntries(
    given.map(([name, value]) => [name.slice(ORIGINAL_PREFIX.length), value]),
  );
}
