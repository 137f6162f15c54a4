// From recorded to verified, as a caller sees it, while deltas come at a fixed share of the rate
// that is the peak: probes among them are asked for until they say so.
import { setTimeout as delay } from 'node:timers/promises';
import { Ledger } from '../ledger';
import { inTurns, medianRound, roundRow } from '../rounds';
import type { Bench, Scenario, ScenarioReport } from '../scenario';

const SHARE_OF_PEAK = 0.7;
/**
 * Probes under way at once, and the pause between two looks at one: few looks, since each is a
 * request beside the load, and a pause that is part of what is measured.
 */
const PROBES = 8;
const LOOK_MS = 50;
const P99_MS_MAX = 1_000;

export const timeToVerified: Scenario = {
  name: 'time-to-verified',
  title: `From recorded to verified at ${SHARE_OF_PEAK} of the peak rate`,
  run,
};

async function run(bench: Bench): Promise<ScenarioReport> {
  const { connections, customers, rounds, seconds } = bench.options;
  const environment = { DATA_DIR: bench.folder('time-to-verified') };
  const ledger = await Ledger.start(environment, bench.generator);
  const work = {
    kind: 'single',
    customers: { prefix: 'c', count: customers },
    connections,
    seconds,
  } as const;
  const contender = { name: '', server: () => ledger.service, perRequest: 1 };
  const [peak = []] = await inTurns(rounds, [{ ...contender, run: () => ledger.run(work) }]);
  await ledger.waitUntilVerified();
  const ratePerSecond = Math.floor(SHARE_OF_PEAK * medianRound(peak).ratePerSecond);
  const millis: number[] = [];
  const probed = async (): ReturnType<Ledger['run']> => {
    const ending = new AbortController();
    const probes = Array.from({ length: PROBES }, () => probe(ledger, ending.signal));
    const load = await ledger.run({ ...work, ratePerSecond });
    ending.abort();
    millis.push(...(await Promise.all(probes)).flat());
    return load;
  };
  const [open = []] = await inTurns(rounds, [{ ...contender, run: probed }]);
  await ledger.stop();
  millis.sort((a, b) => a - b);
  const at = (share: number): number => millis[Math.floor(share * (millis.length - 1))] ?? NaN;
  return {
    rows: [roundRow('peak', peak), roundRow('open loop', open)],
    measures: [
      { what: 'recorded → verified p50, ms', value: at(0.5) },
      { what: 'recorded → verified p99, ms', value: at(0.99), bar: { atMost: P99_MS_MAX } },
      { what: 'probes', value: millis.length },
    ],
  };
}

/** Milliseconds that each of one probe's deltas took, one after the other. */
async function probe(ledger: Ledger, signal: AbortSignal): Promise<readonly number[]> {
  const millis: number[] = [];
  while (!signal.aborted) {
    const recordId = await ledger.recordOne('bench-probe');
    const recordedAt = performance.now();
    const path = `/api/v1/balance/delta/${recordId}`;
    while ((await ledger.get<{ readonly status: string }>(path)).status !== 'VERIFIED') {
      await delay(LOOK_MS);
    }
    millis.push(performance.now() - recordedAt);
  }
  return millis;
}
