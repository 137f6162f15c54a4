// Times as callers write them, in RFC 3339, and as we keep them: UTC with three fraction digits.
const DAY = /^(\d{4})-(\d\d)-(\d\d)$/;
const TIME_OF_DAY = /^([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,9}))?/;
const OFFSET = /^(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/;
const DAY_LENGTH = 'YYYY-MM-DD'.length;
const MS_PER_MINUTE = 60_000;
const MILLISECOND_DIGITS = 3;
/** After 400 years the calendar begins again. */
const MS_PER_400_YEARS = 146_097 * 24 * 60 * MS_PER_MINUTE;
/** Bounds of what four digits of a year can say. */
const YEAR_0 = Date.UTC(2000, 0, 1) - 5 * MS_PER_400_YEARS;
const YEAR_10000 = Date.UTC(10_000, 0, 1);

/**
 * Milliseconds since the epoch of an RFC 3339 date-time, or of a date (its first moment in UTC);
 * digits beyond milliseconds are cut off. Undefined when it is none, its day does not exist, it is
 * a leap second, or its year in UTC is not one of 0000 to 9999.
 */
export function parseTime(text: string): number | undefined {
  const dayMs = dayStart(text.slice(0, DAY_LENGTH));
  if (dayMs === undefined || text.length === DAY_LENGTH) return dayMs;
  const timeMs = timeWithOffset(text.slice(DAY_LENGTH));
  if (timeMs === undefined) return undefined;
  const ms = dayMs + timeMs;
  return ms >= YEAR_0 && ms < YEAR_10000 ? ms : undefined;
}

/** Midnight UTC of a calendar day that exists. */
function dayStart(text: string): number | undefined {
  const match = DAY.exec(text);
  if (!match) return undefined;
  const [month, day] = [Number(match[2]), Number(match[3])];
  // Date.UTC takes years below 100 as 19xx; 400 years later the calendar is the same.
  const ms = Date.UTC(Number(match[1]) + 400, month - 1, day);
  const date = new Date(ms);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? ms - MS_PER_400_YEARS : undefined;
}

/** Milliseconds from midnight UTC of what follows the day: T, time of day, offset. */
function timeWithOffset(text: string): number | undefined {
  if (text[0] !== 'T' && text[0] !== 't') return undefined;
  const time = TIME_OF_DAY.exec(text.slice(1));
  const offset = time && OFFSET.exec(text.slice(1 + time[0].length));
  if (!offset) return undefined;
  const [, hours, minutes, seconds, fraction = ''] = time;
  const ms = fraction.slice(0, MILLISECOND_DIGITS).padEnd(MILLISECOND_DIGITS, '0');
  const [, sign, offsetHours, offsetMinutes] = offset;
  const aheadMs = sign === undefined ? 0 : minutesMs(offsetHours, offsetMinutes);
  const localMs = minutesMs(hours, minutes) + Number(seconds) * 1_000 + Number(ms);
  return sign === '-' ? localMs + aheadMs : localMs - aheadMs;
}

function minutesMs(hours: string | undefined, minutes: string | undefined): number {
  return (Number(hours) * 60 + Number(minutes)) * MS_PER_MINUTE;
}
