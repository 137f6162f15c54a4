// Idempotency keys: 1 to 255 printable ASCII characters, of the caller's choice.
import { rule } from './rules';

const KEY_PATTERN = '^[\\u0020-\\u007e]{1,255}$';
const KEY = new RegExp(KEY_PATTERN, 'u');

export function isIdempotencyKey(value: unknown): value is string {
  return typeof value === 'string' && KEY.test(value);
}

export function IsKeyText(): PropertyDecorator {
  const sentence = 'must be 1 to 255 printable ASCII characters';
  const context = { schema: { type: 'string', pattern: KEY_PATTERN }, sentence };
  return rule('isKeyText', context, isIdempotencyKey);
}
