import { scopeOfDaysBack, scopeOfMonthsBack, scopeOfPeriod } from './periods';

const custom = (startDate: string, endDate: string) => ({
  timePreset: 'custom',
  startDate,
  endDate,
});

describe('scopes', () => {
  it('count months back over the turn of the year', () => {
    const today = new Date('2026-02-28T23:59:59Z');
    expect(scopeOfMonthsBack(1, today)).toEqual(
      custom('2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z'),
    );
    expect(scopeOfMonthsBack(3, today)).toEqual(
      custom('2025-12-01T00:00:00Z', '2026-03-01T00:00:00Z'),
    );
  });

  it('count days back in UTC, over a leap day', () => {
    const today = new Date('2028-03-01T00:30:00+02:00');
    expect(scopeOfDaysBack(1, today)).toEqual(
      custom('2028-02-29T00:00:00Z', '2028-03-01T00:00:00Z'),
    );
    expect(scopeOfDaysBack(30, today)).toEqual(
      custom('2028-01-31T00:00:00Z', '2028-03-01T00:00:00Z'),
    );
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses %d', (count) => {
    const today = new Date(0);
    expect(() => scopeOfMonthsBack(count, today)).toThrow('months must be a whole number from 1');
    expect(() => scopeOfDaysBack(count, today)).toThrow('days must be a whole number from 1');
  });

  it.each(['2026-13', '2026-1', '26-01', '2026-01-01', ''])('refuses the month %p', (period) => {
    expect(() => scopeOfPeriod(period)).toThrow('period must be a month such as 2026-04');
  });
});
