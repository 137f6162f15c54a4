// The one place where this package reads the time: the helpers that count months and days back.

export function today(): Date {
  return new Date();
}
