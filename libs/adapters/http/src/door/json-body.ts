// Reads a JSON body: UTF-8 as it is or not at all, since a replaced character would change the text
// of a ledger, and no member that reaches for a prototype.
import { isUtf8 } from 'node:buffer';
import { ApiError } from '../api-error';

/** A text that may have a member __proto__, also one that is written with escapes. */
const MAY_HAVE_PROTO = /__proto__|\\u00[567]/;
const BYTE_ORDER_MARK = 0xfeff;

/** Undefined when empty; throws INVALID_JSON. Of a member that occurs twice the last one counts. */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw new ApiError('INVALID_JSON', { reason: 'it is not UTF-8' });
  const text = bytes.toString('utf8');
  const json = text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
  const value = parsed(json);
  if (MAY_HAVE_PROTO.test(json) && hasProto(value)) {
    throw new ApiError('INVALID_JSON', { reason: 'it has a member __proto__' });
  }
  return value;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // The parser's own message quotes the body, which may be private.
    throw new ApiError('INVALID_JSON');
  }
}

/** Looks at every object, without recursion: bodies may nest deeply. */
function hasProto(root: unknown): boolean {
  const waiting = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (Object.hasOwn(value, '__proto__')) return true;
    for (const member of Object.values(value)) waiting.push(member);
  }
  return false;
}
