// An installation moves from the embedded store to EventStoreDB and back: same ids, same receipts,
// same keys, and it goes on there. On the stand-in, and on a real server where there is one.
import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { runCli, type CliRun } from '../support/cli-process';
import { realServerSource, type RealServer } from '../support/eventstoredb/real-server';
import { StandInServer } from '../support/eventstoredb/stand-in-server';
import { aDataDir, startService, type ServiceProcess } from '../support/service-process';
import { until } from '../support/until';

jest.setTimeout(240_000);

const BALANCE = '/api/v1/balance';

interface DeltaData {
  readonly recordId: string;
  readonly receiptId: string;
  readonly recordedAt: string;
  readonly status: string;
}

async function standIn(): Promise<RealServer> {
  const server = new StandInServer();
  await server.start();
  return { connectionString: server.connectionString(), stop: () => server.stop() };
}

const source = realServerSource();
const STORES: [string, () => Promise<RealServer>][] = [['the stand-in', standIn]];
if (source.available) STORES.push([source.name, () => source.start(1)]);

describe.each(STORES)('copy-log to %s', (_name, start) => {
  const dataDir = aDataDir();
  const elsewhere = aDataDir();
  const prefix = `copied${process.pid}x${Math.floor(performance.now())}_`;
  let server: RealServer;
  let service: ServiceProcess;

  beforeAll(async () => {
    server = await start();
  });
  afterAll(async () => {
    await service.stop('SIGTERM');
    await server.stop();
  });

  const deltabook = (...args: string[]): Promise<CliRun> =>
    runCli(args, { DATA_DIR: dataDir, EVENT_STORE_PREFIX: prefix });
  const copyLog = (from: string, to: string): Promise<CliRun> =>
    deltabook('copy-log', '--from', from, '--to', to, '--json');
  const emit = async (customerId: string): Promise<DeltaData> => {
    const body = { customerId, delta: 1, reason: 'usage' };
    return (await service.post(`${BALANCE}/delta`, body)).body.data;
  };
  const verified = async (recordId: string): Promise<DeltaData> => {
    const { body } = await until(
      () => service.get(`${BALANCE}/delta/${recordId}`),
      (reply) => (reply.body.data as DeltaData | undefined)?.status === 'VERIFIED',
    );
    return body.data;
  };
  const keys = async (): Promise<string> =>
    (await fetch(`${service.baseUrl}/.well-known/deltabook-keys`)).text();
  const replay = (): Promise<CliRun> => deltabook('audit', 'replay');

  it('takes everything there, and it goes on there', async () => {
    service = await startService(dataDir);
    const emitted = [await emit('alice'), await emit('bob'), await emit('alice')];
    const before = await Promise.all(emitted.map(({ recordId }) => verified(recordId)));
    const keysBefore = await keys();
    const running = await copyLog('embedded', server.connectionString);
    expect(running.stderr).toContain('is used by another process');
    await service.stop('SIGTERM');

    const copied = await copyLog('embedded', server.connectionString);
    expect(copied).toMatchObject({ exitCode: 0 });
    expect((JSON.parse(copied.stdout) as { events: number }).events).toBeGreaterThan(9);
    const again = await copyLog('embedded', server.connectionString);
    expect(again.stderr).toContain('holds an installation already');

    const environment = { EVENT_STORE: server.connectionString, EVENT_STORE_PREFIX: prefix };
    service = await startService(dataDir, environment);
    const after = await Promise.all(emitted.map(({ recordId }) => verified(recordId)));
    const kept = ({ recordId, receiptId, recordedAt }: DeltaData): object => ({
      ...{ recordId, receiptId, recordedAt },
    });
    expect(after.map(kept)).toEqual(before.map(kept));
    expect(await keys()).toBe(keysBefore);
    await verified((await emit('alice')).recordId);
    // The events are on the server, and the socket is where it always is.
    expect(await replay()).toMatchObject({ exitCode: 0 });
    await service.stop('SIGTERM');
  });

  it('and back, once the log that was there is out of the way', async () => {
    const occupied = await copyLog(server.connectionString, 'embedded');
    expect(occupied.stderr).toContain('has a log already');
    for (const name of readdirSync(dataDir).filter((one) => one.startsWith('log.db'))) {
      renameSync(join(dataDir, name), join(elsewhere, name));
    }
    expect(await copyLog(server.connectionString, 'embedded')).toMatchObject({ exitCode: 0 });
    service = await startService(dataDir);
    const { body } = await until(
      () => service.get(`${BALANCE}/customers/alice`),
      ({ status }) => status === 200,
    );
    expect(body.data).toMatchObject({ totalDeltas: 3 });
    await verified((await emit('alice')).recordId);
    expect(await replay()).toMatchObject({ exitCode: 0 });
  });
});
