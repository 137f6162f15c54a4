// Scopes in time: which requests name one, where it begins and ends, which contradict themselves.
import * as fc from 'fast-check';
import { monthsOf, parsePeriod, periodOf, readScope, type ScopeRequest } from './period';

const NOW = Date.parse('2026-04-30T23:59:59.999Z');
const ms = (text: string): number => Date.parse(text);
const APRIL = { period: '2026-04', fromMs: ms('2026-04-01'), beforeMs: ms('2026-05-01') };

it.each([
  ['2026-12', '2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
  ['2024-02', '2024-02-01T00:00:00.000Z', '2024-03-01T00:00:00.000Z'],
  ['0000-01', '0000-01-01T00:00:00.000Z', '0000-02-01T00:00:00.000Z'],
  ['0099-12', '0099-12-01T00:00:00.000Z', '0100-01-01T00:00:00.000Z'],
])('%s lasts from %s to %s', (period, from, before) => {
  expect(parsePeriod(period)).toEqual({ period, fromMs: ms(from), beforeMs: ms(before) });
});

it.each([
  '',
  '2026',
  '2026-4',
  '2026-00',
  '2026-13',
  '2026-04-01',
  '26-04',
  '+2026-04',
  '2026-04 ',
])('%j is no period', (text) => {
  expect(parsePeriod(text)).toBeUndefined();
  expect(readScope({ period: text }, NOW)).toMatchObject({ problem: { field: 'period' } });
});

it('every moment lies in the month that is said to hold it', () => {
  const times = fc.integer({ min: ms('0000-01-01'), max: ms('9999-12-31T23:59:59.999Z') });
  fc.assert(
    fc.property(times, (time) => {
      const month = parsePeriod(periodOf(time));
      return month !== undefined && month.fromMs <= time && time < month.beforeMs;
    }),
  );
});

const NAMED: readonly (readonly [ScopeRequest, object | undefined])[] = [
  [{}, undefined],
  [{ period: null, timePreset: null, startDate: null, endDate: null }, undefined],
  [{ period: '2026-04' }, APRIL],
  [{ timePreset: 'current_month' }, APRIL],
  [{ timePreset: 'custom', startDate: '2026-04-01', endDate: '2026-05-01' }, APRIL],
  [{ startDate: '2026-04-01T02:00:00+02:00', endDate: '2026-05-01T00:00:00Z' }, APRIL],
  [
    { startDate: '2026-04-01', endDate: '2026-06-01' },
    { period: undefined, fromMs: ms('2026-04-01'), beforeMs: ms('2026-06-01') },
  ],
  [
    { startDate: '2026-04-02T00:00:00.001Z' },
    { period: undefined, fromMs: ms('2026-04-02T00:00:00.001Z'), beforeMs: undefined },
  ],
  [
    { timePreset: 'custom', endDate: '2026-04-02' },
    { period: undefined, fromMs: undefined, beforeMs: ms('2026-04-02') },
  ],
];

it.each(NAMED)('%j is a scope', (request, scope) => {
  expect(readScope(request, NOW)).toEqual({ ok: true, scope });
});

const MIXED: readonly ScopeRequest[] = [
  { period: '2026-04', timePreset: 'current_month' },
  { period: '2026-04', timePreset: 'custom' },
  { period: '2026-04', startDate: '2026-04-01' },
  { period: '2026-04', endDate: '2026-05-01' },
  { timePreset: 'current_month', startDate: '2026-04-01' },
  { timePreset: 'custom' },
];

it.each(MIXED)('%j contradicts itself', (request) => {
  const { problem } = readScope(request, NOW) as { problem: { code: string } };
  expect(problem.code).toBe('INVALID_SCOPE_COMBINATION');
});

it.each([
  [{ startDate: '2026-02-30' }, 'startDate'],
  [{ endDate: '2026-02-30' }, 'endDate'],
  [{ startDate: '2026-04-01', endDate: '2026-04-01' }, 'endDate'],
  [{ startDate: '2026-05-01', endDate: '2026-04-01' }, 'endDate'],
])('%j names no scope for its %s', (request, field) => {
  const problem = { code: 'VALIDATION_FAILED', field, reason: expect.any(String) as string };
  expect(readScope(request, NOW)).toEqual({ ok: false, problem });
});

it.each<[ScopeRequest, string, string]>([
  [{}, '0000-01', '9999-12'],
  [{ period: '2026-04' }, '2026-04', '2026-04'],
  [{ startDate: '2026-04-15', endDate: '2026-06-01' }, '2026-04', '2026-05'],
  [{ startDate: '2026-04-15', endDate: '2026-06-01T00:00:00.001Z' }, '2026-04', '2026-06'],
  [{ endDate: '2026-04-02' }, '0000-01', '2026-04'],
])('%j touches %s to %s', (request, first, last) => {
  const read = readScope(request, NOW);
  expect(read.ok && monthsOf(read.scope)).toEqual({ first, last });
});
