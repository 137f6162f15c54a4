// Limits of JSON that callers may fill as they like: its size, its depth, its texts and numbers.

export interface FreeJsonLimits {
  /** UTF-8 bytes of its JSON text without white space. */
  readonly bytesMax: number;
  /** Nested objects and arrays, the outermost counted. */
  readonly depthMax: number;
}

export type FreeJsonProblem = 'too-large' | 'too-deep' | 'bad-text' | 'bad-number';

/** True for a text of `min` to `max` Unicode characters without NUL and lone surrogates. */
export function isText(value: unknown, min: number, max: number): value is string {
  if (typeof value !== 'string' || value.length < min || !isStorable(value)) return false;
  return value.length <= max || (value.length <= 2 * max && [...value].length <= max);
}

/** What is wrong with a parsed JSON value, if anything. */
export function freeJsonProblem(
  value: unknown,
  limits: FreeJsonLimits,
): FreeJsonProblem | undefined {
  const problem = problemWithin(value, limits.depthMax);
  if (problem) return problem;
  return isWithinBytes(JSON.stringify(value), limits.bytesMax) ? undefined : 'too-large';
}

function problemWithin(value: unknown, depthLeft: number): FreeJsonProblem | undefined {
  if (typeof value === 'string') return isStorable(value) ? undefined : 'bad-text';
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'bad-number';
  if (typeof value !== 'object' || value === null) return undefined;
  if (depthLeft === 0) return 'too-deep';
  return problemOfMembers(value, depthLeft - 1);
}

function problemOfMembers(parent: object, depthLeft: number): FreeJsonProblem | undefined {
  for (const [key, member] of Object.entries(parent)) {
    const problem = isStorable(key) ? problemWithin(member, depthLeft) : 'bad-text';
    if (problem) return problem;
  }
  return undefined;
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** UTF-8 takes 1 to 3 bytes for a UTF-16 code unit, so most texts need no counting. */
function isWithinBytes(text: string, bytesMax: number): boolean {
  if (text.length > bytesMax) return false;
  if (text.length * 3 <= bytesMax) return true;
  let byteCount = 0;
  for (const character of text) byteCount += bytesOf(character.codePointAt(0) ?? 0);
  return byteCount <= bytesMax;
}

function bytesOf(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}
