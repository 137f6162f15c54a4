// What an operator is told of the system, out of what its parts say of themselves.
import { GET_SYSTEM, schemaOf } from '@deltabook/contracts';
import { compileValidator } from '@deltabook/adapters/http';
import { systemParts, type SystemSources } from '../../apps/service/src/system-state';

const violationOf = compileValidator(schemaOf(GET_SYSTEM.reply));

const progress = { ready: true, rebuilding: false, position: 90n, head: 100n };
const WHOLE: SystemSources = {
  eventStore: () => ({ place: 'embedded', problem: undefined, lagWarned: 5n }),
  readStore: { progress: () => progress },
  verifier: {
    state: () => ({
      position: 80n,
      head: 99n,
      fencedCount: 1,
      sealedCount: 7,
      problem: undefined,
    }),
  },
  brokers: 'kafka:9092',
  kafka: {
    values: () => ({ deltabook_kafka_lag_messages: 3, deltabook_kafka_dead_letters_total: 0 }),
    warnings: () => ['the Kafka intake has not joined its group'],
  },
  isDraining: () => false,
  auditor: undefined,
};

function stateOf(change: Partial<SystemSources> = {}) {
  const state = systemParts({ ...WHOLE, ...change }).systemState();
  expect(violationOf(state)).toBeUndefined();
  return state;
}

it('says how each part is, and what lags', () => {
  expect(stateOf()).toEqual({
    ready: true,
    reasons: [],
    warnings: [
      'the Kafka intake has not joined its group',
      'read models are behind: position 90 of 100',
    ],
    eventStore: { place: 'embedded', problem: null },
    projection: { ready: true, rebuilding: false, position: '90', head: '100', lag: 10 },
    verification: { position: '80', lag: 19, fencedCustomers: 1, seals: 7, problem: null },
    broker: {
      brokers: 'kafka:9092',
      warnings: ['the Kafka intake has not joined its group'],
      intakeLag: 3,
      deadLetters: 0,
      publishLag: null,
    },
  });
});

it('has nothing of parts that this process is without', () => {
  const state = stateOf({ verifier: undefined, kafka: undefined });
  expect(state).toMatchObject({ verification: null, broker: null });
});

it('is not ready while it stops, or cannot reach its store', () => {
  const problem = 'no node answers';
  const eventStore = () => ({ place: 'esdb://a', problem, lagWarned: 5n });
  const state = stateOf({ eventStore, isDraining: () => true });
  expect(state).toMatchObject({ ready: false, reasons: ['shutting down', problem] });
  expect(state.eventStore).toEqual({ place: 'esdb://a', problem });
});
