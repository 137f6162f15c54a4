// Rules of our own for fields, each with its JSON Schema beside its check; a corpus holds the two
// equal. They say what form a value has; what it means is the domain's to check.
import { ValidateBy } from 'class-validator';
import { freeJsonProblem, isText, type FreeJsonLimits } from './free-json';

/** A JSON Schema (2020-12) of one value. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** What a rule tells the schema generator, as `context` of its class-validator metadata. */
export interface RuleContext {
  readonly schema: JsonSchema;
  /** Ends the sentence "the field …", such as "must be a text". */
  readonly sentence: string;
}

/** A property rule: the check, its schema and the sentence that names both. */
export function rule(
  name: string,
  context: RuleContext,
  check: (value: unknown) => boolean,
): PropertyDecorator {
  return ValidateBy(
    { name, validator: { validate: check, defaultMessage: () => `$property ${context.sentence}` } },
    { context },
  );
}

/** No NUL and no lone surrogate; with the flag u only lone ones match the range. */
const TEXT_PATTERN = '^[^\\u0000\\ud800-\\udfff]*$';

/** Schema of a text of `min` to `max` Unicode characters. */
export function textSchema(min: number, max: number): JsonSchema {
  return { type: 'string', minLength: min, maxLength: max, pattern: TEXT_PATTERN };
}

/** A text of `min` to `max` Unicode characters, without NUL and lone surrogates. */
export function IsText(min: 0 | 1, max: number): PropertyDecorator {
  const sentence = `must be a text of ${min} to ${max} characters without NUL and lone surrogates`;
  return rule('isText', { schema: textSchema(min, max), sentence }, (value) =>
    isText(value, min, max),
  );
}

const CUSTOMER_ID_PATTERN = '^(?!(?:\\.{1,2}|summary)$)[A-Za-z0-9._:\\-]{1,128}$';
const CUSTOMER_ID = new RegExp(CUSTOMER_ID_PATTERN, 'u');

export function IsCustomerIdText(): PropertyDecorator {
  const context = {
    schema: { type: 'string', pattern: CUSTOMER_ID_PATTERN },
    sentence: 'must be 1 to 128 of A-Z a-z 0-9 . _ : - other than ".", ".." and "summary"',
  };
  return rule('isCustomerId', context, (v) => typeof v === 'string' && CUSTOMER_ID.test(v));
}

const DELTA_MAX = 1_000_000_000;
const DECIMAL_LENGTH_MAX = 64;
const DELTA_PATTERN = '^(?!-?0(?:\\.0+)?$)-?(?:0|[1-9][0-9]{0,9})(?:\\.[0-9]{1,9}0*)?$';
const DELTA_TEXT = new RegExp(DELTA_PATTERN, 'u');

/** A delta's form; whether a number is exact and a text in range is the domain's to check. */
export function IsDeltaAmount(): PropertyDecorator {
  const schema = {
    type: ['number', 'string'],
    minimum: -DELTA_MAX,
    maximum: DELTA_MAX,
    not: { const: 0 },
    maxLength: DECIMAL_LENGTH_MAX,
    pattern: DELTA_PATTERN,
  };
  const sentence =
    'must be a number or decimal string, not 0, at most 1000000000 either way, with at most ' +
    '9 fraction digits and as a number 15 significant ones';
  return rule('isDeltaAmount', { schema, sentence }, isDeltaForm);
}

function isDeltaForm(value: unknown): boolean {
  if (typeof value === 'number') return value !== 0 && Math.abs(value) <= DELTA_MAX;
  return typeof value === 'string' && value.length <= DECIMAL_LENGTH_MAX && DELTA_TEXT.test(value);
}

/** An object of the caller's own, within limits of size and depth. */
export function IsFreeObject(limits: FreeJsonLimits): PropertyDecorator {
  const context = {
    schema: { type: 'object', 'x-freeJson': limits },
    sentence:
      `must be an object of at most ${limits.bytesMax} bytes and ${limits.depthMax} levels, with ` +
      'finite numbers and texts without NUL and lone surrogates',
  };
  return rule('isFreeObject', context, (value) => {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject && freeJsonProblem(value, limits) === undefined;
  });
}

const TIME_PATTERN =
  '^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])' +
  '(?:[Tt](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,9})?' +
  '(?:[Zz]|[+\\-](?:[01][0-9]|2[0-3]):[0-5][0-9]))?$';
const TIME = new RegExp(TIME_PATTERN, 'u');

/** The form of an RFC 3339 date or date-time; whether the day exists is the domain's to check. */
export function IsTimeText(): PropertyDecorator {
  const context = {
    schema: { type: 'string', pattern: TIME_PATTERN },
    sentence:
      'must be an RFC 3339 date or date-time with offset, such as 2026-04-30 or ' +
      '2026-04-30T12:00:00.000Z, without leap seconds',
  };
  return rule('isTimeText', context, (value) => typeof value === 'string' && TIME.test(value));
}

const BALANCE_PATTERN = '^-?(?:0|[1-9][0-9]{0,28})(?:\\.[0-9]{1,9})?$';
const BALANCE_TEXT = new RegExp(BALANCE_PATTERN, 'u');

/** A balance's form in a body; whether a number is exact is the domain's to check. */
export function IsBalanceAmount(): PropertyDecorator {
  const context = {
    schema: { type: ['number', 'string'], pattern: BALANCE_PATTERN },
    sentence:
      'must be a number or decimal string with at most 9 fraction digits and 29 before the point',
  };
  return rule('isBalanceAmount', context, (value) =>
    typeof value === 'number'
      ? Number.isFinite(value)
      : typeof value === 'string' && BALANCE_TEXT.test(value),
  );
}

const PERIOD_PATTERN = '^[0-9]{4}-(?:0[1-9]|1[0-2])$';
const PERIOD = new RegExp(PERIOD_PATTERN, 'u');

/** A UTC month. */
export function IsPeriodText(): PropertyDecorator {
  const context = {
    schema: { type: 'string', pattern: PERIOD_PATTERN },
    sentence: 'must be a month such as 2026-04',
  };
  return rule('isPeriodText', context, (v) => typeof v === 'string' && PERIOD.test(v));
}
