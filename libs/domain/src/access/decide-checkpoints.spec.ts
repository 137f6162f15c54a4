// Checkpoints for all customers: one request at a time for a period, and none without need.
import { parsePeriod } from '../ledger/period';
import {
  decideCompleteCheckpoints,
  decideRequestCheckpoints,
  latestRequest,
  type RequestCheckpoints,
} from './decide-checkpoints';
import type { TenantDecision } from './decide-tenant';
import { evolveTenant, NO_TENANT, type Tenant } from './tenant';
import { parseTenantEvent, type CheckpointsCompleted, type TenantEvent } from './tenant-events';

const now = Date.parse('2026-05-02T00:00:00.000Z');
const period = parsePeriod('2026-04') as NonNullable<ReturnType<typeof parsePeriod>>;
const running = parsePeriod('2026-05') as NonNullable<ReturnType<typeof parsePeriod>>;
const created: TenantEvent = {
  type: 'TenantCreated',
  v: 1,
  tenant: 'acme',
  referenceKey: '0f'.repeat(32),
  createdAt: '2026-01-01T12:00:00.000Z',
};
const completed = (change: Partial<CheckpointsCompleted> = {}): TenantEvent => ({
  type: 'CheckpointsCompleted',
  v: 1,
  request: 1,
  committed: 3,
  empty: 0,
  fenced: 0,
  completedAt: '2026-05-02T00:00:05.000Z',
  ...change,
});
const command = (change: Partial<RequestCheckpoints> = {}): RequestCheckpoints => ({
  environment: 'sandbox',
  period,
  recordedDeltas: 10,
  now,
  ...change,
});
const given = (...events: readonly TenantEvent[]): Tenant =>
  evolveTenant(
    NO_TENANT,
    events.map((event, revision) => ({ event, revision })),
  );
const eventOf = (decision: TenantDecision): TenantEvent => {
  if (decision.kind !== 'changed') throw new Error(decision.kind);
  return parseTenantEvent(decision.text.type, decision.text.data);
};
const requested = (change: Partial<RequestCheckpoints> = {}): TenantEvent =>
  eventOf(decideRequestCheckpoints(command(change), given(created)));
const unchanged = { kind: 'unchanged' };

it('are asked for, and found by their revision', () => {
  expect(requested()).toEqual({
    type: 'CheckpointsRequested',
    v: 1,
    environment: 'sandbox',
    period: '2026-04',
    recordedDeltas: 10,
    requestedAt: '2026-05-02T00:00:00.000Z',
  });
  const tenant = given(created, requested());
  expect(latestRequest(tenant, 'sandbox', '2026-04')).toMatchObject({
    revision: 1,
    completed: undefined,
  });
  expect(latestRequest(tenant, 'production', '2026-04')).toBeUndefined();
  expect(latestRequest(tenant, 'sandbox', '2026-03')).toBeUndefined();
});

it('are refused before the period and without a tenant', () => {
  const future = decideRequestCheckpoints(command({ period: running, now: now - 9e8 }), given());
  expect(future).toEqual({ kind: 'refused', code: 'TENANT_NOT_FOUND' });
  const early = command({ period: running, now: running.fromMs - 1 });
  expect(decideRequestCheckpoints(early, given(created))).toEqual({
    kind: 'refused',
    code: 'PERIOD_IN_FUTURE',
  });
});

it('that still run are joined, those of another period or environment are not', () => {
  const tenant = given(created, requested());
  expect(decideRequestCheckpoints(command({ recordedDeltas: 99 }), tenant)).toEqual(unchanged);
  for (const change of [{ environment: 'production' }, { period: running }] as const) {
    expect(decideRequestCheckpoints(command(change), tenant).kind).toBe('changed');
  }
});

it('of an ended period are made once, and anew where some were left out', () => {
  const later = command({ recordedDeltas: 99, now: now + 1 });
  const done = given(created, requested(), completed());
  expect(decideRequestCheckpoints(later, done)).toEqual(unchanged);
  const leftOut = given(created, requested(), completed({ fenced: 1 }));
  expect(decideRequestCheckpoints(later, leftOut).kind).toBe('changed');
});

it('of the running period are made anew once something was recorded', () => {
  const done = given(created, requested({ period: running }), completed());
  const again = command({ period: running });
  expect(decideRequestCheckpoints(again, done)).toEqual(unchanged);
  const more = command({ period: running, recordedDeltas: 11 });
  expect(decideRequestCheckpoints(more, done).kind).toBe('changed');
});

it('are completed once, and only if they were asked for', () => {
  const counts = { committed: 3, empty: 0, fenced: 0, now: now + 5_000 };
  const tenant = given(created, requested());
  const decision = decideCompleteCheckpoints({ request: 1, ...counts }, tenant);
  expect(eventOf(decision)).toEqual(completed());
  expect(decideCompleteCheckpoints({ request: 2, ...counts }, tenant)).toEqual(unchanged);
  const done = given(created, requested(), completed());
  expect(decideCompleteCheckpoints({ request: 1, ...counts }, done)).toEqual(unchanged);
  expect(latestRequest(done, 'sandbox', '2026-04')).toMatchObject({ completed: { committed: 3 } });
});
