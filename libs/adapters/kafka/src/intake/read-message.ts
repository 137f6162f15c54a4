// One message of a deltas topic: read into the same request as an HTTP body, or found to be poison.
import type { DeltaRequest, SequencedDelta } from '@deltabook/application';
import type { KeySource } from '@deltabook/domain';
import { isUtf8 } from 'node:buffer';
import { traceIdOf } from '../trace-context';
import type { TopicBinding } from './topic-binding';

/** Reads a decoded body as `POST delta` does; a text says what is wrong with it. */
export type ReadDeltaBody = (body: object) => DeltaRequest | string;

/** Where a message lies; with the cluster and epoch it is that message for ever. */
export interface Coordinates {
  readonly cluster: string;
  readonly epoch: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

export type MessageHeaders = Readonly<
  Record<string, Buffer | string | readonly (Buffer | string)[] | undefined>
>;

/** A message as the client delivers it. */
export interface RawMessage {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: MessageHeaders | undefined;
}

export type PoisonCode =
  | 'MESSAGE_UNREADABLE'
  | 'BODY_TOO_LARGE'
  | 'VALIDATION_FAILED'
  | 'KEY_IS_NOT_CUSTOMER'
  | 'SCOPE_IS_NOT_OF_TOPIC';

/** Why a message can never be accepted as it is. */
export interface Poison {
  readonly code: PoisonCode;
  readonly detail: string;
}

export interface ReadContext {
  readonly binding: TopicBinding;
  readonly coordinates: Coordinates;
  readonly bodyBytesMax: number;
  readonly readBody: ReadDeltaBody;
  /** Milliseconds since the epoch, stamped at the door. */
  readonly now: number;
}

const KEY_HEADER = 'idempotency-key';
/** As the header of an HTTP request may be. */
const KEY = /^[\x20-\x7e]{1,255}$/;

const poison = (code: PoisonCode, detail: string): Poison => ({ code, detail });

/** The delta that a message carries, or what is wrong with it. */
export function readMessage(message: RawMessage, context: ReadContext): SequencedDelta | Poison {
  const body = parseObject(message.value, context.bodyBytesMax);
  if ('code' in body) return body;
  const fields = body.object as { tenant?: unknown; environment?: unknown };
  const scopeProblem = problemOfScope(fields, context.binding);
  if (scopeProblem) return scopeProblem;
  const given = givenKey(body.object, message.headers);
  if (given.problem !== undefined) return poison('VALIDATION_FAILED', given.problem);
  const delta = context.readBody(body.object);
  if (typeof delta === 'string') return poison('VALIDATION_FAILED', delta);
  if (message.key?.toString('latin1') !== delta.customerId) {
    return poison('KEY_IS_NOT_CUSTOMER', 'the message key must be the customerId of its body');
  }
  return { origin: originOf(message, context), delta, keySource: keyOf(given.key, context) };
}

function keyOf(givenByCaller: string | undefined, { coordinates }: ReadContext): KeySource {
  if (givenByCaller !== undefined) return { kind: 'caller', key: givenByCaller };
  // Written out: V8 takes microseconds to add members behind a spread, and each delta is one.
  const { cluster, epoch, topic, partition, offset } = coordinates;
  return { kind: 'kafka', cluster, epoch, topic, partition, offset };
}

function originOf(message: RawMessage, context: ReadContext): SequencedDelta['origin'] {
  const { coordinates, binding, now } = context;
  const { topic, partition, offset } = coordinates;
  const traceparent = headerText(message.headers, 'traceparent');
  const traceId = traceparent === undefined ? undefined : traceIdOf(traceparent);
  return {
    tenant: binding.tenant,
    environment: binding.environment,
    door: 'kafka',
    actor: topic,
    correlationId: traceId ?? `${topic}:${partition}:${offset}`,
    now,
  };
}

function parseObject(value: Buffer | null, bytesMax: number): { readonly object: object } | Poison {
  if (value === null) return poison('MESSAGE_UNREADABLE', 'the message has no value');
  if (value.length > bytesMax) {
    return poison('BODY_TOO_LARGE', `the value has ${value.length} bytes, at most ${bytesMax} fit`);
  }
  if (!isUtf8(value)) return poison('MESSAGE_UNREADABLE', 'the value is not UTF-8 text');
  try {
    const object = JSON.parse(value.toString('utf8')) as unknown;
    if (typeof object === 'object' && object !== null && !Array.isArray(object)) return { object };
    return poison('MESSAGE_UNREADABLE', 'the value is not a JSON object');
  } catch {
    return poison('MESSAGE_UNREADABLE', 'the value is not JSON');
  }
}

/** Takes `tenant` and `environment` out of the body: they may only repeat what the topic says. */
function problemOfScope(
  fields: { tenant?: unknown; environment?: unknown },
  { topic, tenant, environment }: TopicBinding,
): Poison | undefined {
  const named = { tenant: fields.tenant, environment: fields.environment };
  if (named.tenant === undefined && named.environment === undefined) return undefined;
  delete fields.tenant;
  delete fields.environment;
  const repeats =
    (named.tenant ?? tenant) === tenant && (named.environment ?? environment) === environment;
  if (repeats) return undefined;
  return poison('SCOPE_IS_NOT_OF_TOPIC', `topic ${topic} belongs to ${tenant}/${environment}`);
}

/** Takes `idempotencyKey` out of the body; the header says the same in another place. */
function givenKey(
  body: { idempotencyKey?: unknown },
  headers: MessageHeaders | undefined,
): { readonly key?: string | undefined; readonly problem?: string } {
  const inHeader = headerText(headers, KEY_HEADER);
  if (inHeader === undefined && !('idempotencyKey' in body)) return {};
  const key = body.idempotencyKey ?? inHeader;
  delete body.idempotencyKey;
  if (key === undefined) return {};
  if (!isKey(key)) {
    return { problem: 'idempotencyKey must be 1 to 255 printable ASCII characters' };
  }
  if (inHeader === undefined || inHeader === key) return { key };
  return { problem: 'field idempotencyKey and header Idempotency-Key differ' };
}

function isKey(value: unknown): value is string {
  return typeof value === 'string' && KEY.test(value);
}

/** Text of a header by its lower-case name, as the client sends any case; the first of several. */
export function headerText(headers: MessageHeaders | undefined, name: string): string | undefined {
  if (headers === undefined) return undefined;
  for (const given of Object.keys(headers)) {
    if (given !== name && given.toLowerCase() !== name) continue;
    const value = headers[given];
    const first = Array.isArray(value) ? (value as readonly (Buffer | string)[])[0] : value;
    return first?.toString();
  }
  return undefined;
}
