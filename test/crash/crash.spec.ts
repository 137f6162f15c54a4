// The service is killed at random moments and at named points, under load, again and again. Nothing
// acknowledged may be lost or doubled, and what is served must equal a replay of the log.
import { once } from 'node:events';
import { join } from 'node:path';
import { aDataDir, startService, type ServiceProcess } from '../support/service-process';
import { replayLog } from './log-replay';
import { WrittenDeltas } from './written-deltas';

const full = process.env['CRASH_ROUNDS'] === 'full';
/** In full on a busy machine; it only ends what hangs. */
const TIME_LIMIT_MS = 3_600_000;
const RANDOM_ROUNDS = full ? 50 : 3;
const ROUNDS_PER_POINT = full ? 10 : 1;
const CLIENTS = 32;
const CRASHING_SERVICE = join(__dirname, 'crashing-service.js');
/** A seed reproduces the moments of a failed run: CRASH_SEED=… */
const seed = Number(process.env['CRASH_SEED'] ?? Math.floor(performance.timeOrigin % 1e6));

function* randomFractions(start: number): Generator<number> {
  // A linear congruential generator (Numerical Recipes' constants): enough to spread moments.
  for (let state = start; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

const fractions = randomFractions(seed);
const nextFraction = (): number => fractions.next().value as number;

/** After a restart: repeats every unanswered write, then compares client, service and log. */
async function check(dataDir: string, written: WrittenDeltas): Promise<void> {
  const service = await startService(dataDir);
  for (const [key, delta] of [...written.unanswered]) {
    expect(await written.send(service, key, delta)).toBe(true);
  }
  await expectRepeatsToBeIdempotent(service, written);
  const served = await servedBalances(service, written.lastPosition);
  await service.stop('SIGTERM');
  const replay = replayLog(dataDir);
  expect(replay.deltas.size).toBe(written.acknowledged.size);
  expect(served).toEqual(
    new Map([...replay.customers].map(([id, { nano, count }]) => [id, `${nano}/${count}`])),
  );
  expect(served).toEqual(expectedBalances(written));
}

async function writeUntilKilled(
  service: ServiceProcess | undefined,
  written: WrittenDeltas,
): Promise<void> {
  if (!service) return;
  let gone = false;
  service.process.once('exit', () => {
    gone = true;
  });
  await written.write(service, CLIENTS, () => gone);
  if (!gone) await once(service.process, 'exit');
  expect(service.process.signalCode).toBe('SIGKILL');
}

/** A start appends too, seals of what the last run left among it, and may meet the point itself. */
function killedWhileStarting(error: Error): undefined {
  if (!error.message.startsWith('the service ended with null')) throw error;
}

async function expectRepeatsToBeIdempotent(
  service: ServiceProcess,
  written: WrittenDeltas,
): Promise<void> {
  const sample = [...written.acknowledged].slice(-200);
  for (const [key, { customerId, delta, ...first }] of sample) {
    const body = { customerId, delta, reason: 'usage' };
    const again = await service.post('/api/v1/balance/delta', body, { 'Idempotency-Key': key });
    expect(again.body.data).toMatchObject({ ...first, idempotent: true });
  }
}

async function servedBalances(
  service: ServiceProcess,
  minPosition: string,
): Promise<Map<string, string>> {
  const served = new Map<string, string>();
  const reply = await service.get(`/api/v1/balance/customers?limit=100&minPosition=${minPosition}`);
  const { customers } = reply.body.data as {
    customers: { customerId: string; computedBalanceDecimal: string; totalDeltas: number }[];
  };
  for (const { customerId, computedBalanceDecimal, totalDeltas } of customers) {
    served.set(customerId, `${BigInt(computedBalanceDecimal) * 10n ** 9n}/${totalDeltas}`);
  }
  return served;
}

function expectedBalances(written: WrittenDeltas): Map<string, string> {
  const sums = new Map<string, { nano: bigint; count: number }>();
  for (const { customerId, delta } of written.acknowledged.values()) {
    const sum = sums.get(customerId) ?? { nano: 0n, count: 0 };
    sums.set(customerId, { nano: sum.nano + BigInt(delta) * 10n ** 9n, count: sum.count + 1 });
  }
  return new Map([...sums].map(([id, { nano, count }]) => [id, `${nano}/${count}`]));
}

describe(`a service that is killed (seed ${seed})`, () => {
  it(
    'at random moments loses and doubles nothing',
    async () => {
      const dataDir = aDataDir();
      const written = new WrittenDeltas();
      for (let round = 0; round < RANDOM_ROUNDS; round += 1) {
        const service = await startService(dataDir);
        const enough = written.acknowledged.size + 20 + Math.floor(nextFraction() * 2_000);
        let gone = false;
        const writing = written.write(service, CLIENTS, () => {
          // Killed in the middle of a reply: at a number of acknowledged writes, not after a time.
          if (!gone && written.acknowledged.size >= enough) {
            gone = true;
            service.process.kill('SIGKILL');
          }
          return gone;
        });
        await once(service.process, 'exit');
        gone = true;
        await writing;
        await check(dataDir, written);
      }
    },
    TIME_LIMIT_MS,
  );

  it.each(['before-fsync', 'after-fsync', 'between-append-and-reply', 'mid-projection'])(
    'at the point %s loses and doubles nothing',
    async (point) => {
      const dataDir = aDataDir();
      const written = new WrittenDeltas();
      for (let round = 0; round < ROUNDS_PER_POINT; round += 1) {
        const passes = String(2 + Math.floor(nextFraction() * 40));
        const environment = { CRASH_POINT: point, CRASH_AFTER_PASSES: passes };
        const starting = startService(dataDir, environment, CRASHING_SERVICE);
        await writeUntilKilled(await starting.catch(killedWhileStarting), written);
        await check(dataDir, written);
      }
    },
    TIME_LIMIT_MS,
  );
});
