// The bench's flags.
import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Scenarios to run, by name; all of them but the soak when empty. */
  readonly scenarios: readonly string[];
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
  /** Idempotency keys stored before anything is measured. */
  readonly keys: number;
  readonly customers: number;
  /** Deltas of the customer with a long history, and events of the log that is rebuilt. */
  readonly events: number;
  readonly soakMinutes: number;
  readonly dataDir: string;
  /** esdb://… that the service is to run on, instead of the embedded store; empty for that one. */
  readonly eventStore: string;
  readonly json: string | undefined;
  readonly help: boolean;
}

export const HELP = `npm run bench -- [flags]
  --scenario NAME    only this one (repeatable); without it all but soak
  --rounds N         rounds of each measurement, of which the median counts (5)
  --seconds N        length of a round (10)
  --connections N    connections of the load generator (64)
  --keys N           idempotency keys stored before (1000000, at most 10000000)
  --customers N      customers the load is spread over (10000)
  --events N         length of the long history, and events of the rebuild (1000000)
  --soak MINUTES     also watch the memory under load for so long
  --data-dir DIR     folder for the data, on the disk that is to be measured (./data)
  --event-store URL  measure on this EventStoreDB (esdb://…): the scenario event-store alone
  --json FILE        write the report as JSON too
  --quick            2 rounds of 2 s, 20000 keys, 20000 events: does it work, not how fast`;

const KEYS_MAX = 10_000_000;
const QUICK = { rounds: 2, seconds: 2, keys: 20_000, events: 20_000 };
const FULL = { rounds: 5, seconds: 10, keys: 1_000_000, events: 1_000_000 };

const FLAGS = {
  scenario: { type: 'string', multiple: true },
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  connections: { type: 'string' },
  keys: { type: 'string' },
  customers: { type: 'string' },
  events: { type: 'string' },
  soak: { type: 'string' },
  'data-dir': { type: 'string' },
  'event-store': { type: 'string' },
  json: { type: 'string' },
  quick: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** Throws with the flag's name when one is wrong. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({ args: [...args], options: FLAGS });
  const fallback = values.quick ? QUICK : FULL;
  const soakMinutes = whole('soak', values.soak, 0);
  const scenarios = values.scenario ?? [];
  return {
    scenarios: soakMinutes > 0 && scenarios.length > 0 ? [...scenarios, 'soak'] : scenarios,
    rounds: whole('rounds', values.rounds, fallback.rounds),
    seconds: whole('seconds', values.seconds, fallback.seconds),
    connections: whole('connections', values.connections, 64),
    keys: Math.min(whole('keys', values.keys, fallback.keys), KEYS_MAX),
    customers: whole('customers', values.customers, 10_000),
    events: whole('events', values.events, fallback.events),
    soakMinutes,
    dataDir: values['data-dir'] ?? './data',
    eventStore: values['event-store'] ?? '',
    json: values.json,
    help: values.help ?? false,
  };
}

function whole(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} must be a whole number`);
  return Number(text);
}
