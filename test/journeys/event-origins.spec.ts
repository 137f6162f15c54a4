// Each stored event says where it came from: the request that brought it, and by which door.
import { DatabaseSync } from '@photostructure/sqlite';
import { join } from 'node:path';
import { aDataDir, startService, type ServiceProcess } from '../support/service-process';

const dataDir = aDataDir();
let service: ServiceProcess;

beforeAll(async () => {
  service = await startService(dataDir);
});
afterAll(() => service.stop('SIGTERM'));

const item = (customerId: string): object => ({ customerId, delta: 1, reason: 'origin' });
const from = (id: string): Record<string, string> => ({ 'X-Correlation-Id': id });

/** Correlation id and door of the customers' events, in the order of the log. */
function storedOrigins(): readonly unknown[] {
  const log = new DatabaseSync(join(dataDir, 'log.db'), { readOnly: true });
  try {
    const sql = "SELECT metadata FROM log WHERE type = 'DeltaEmitted' ORDER BY position";
    return (log.prepare(sql).all() as { readonly metadata: string }[]).map(({ metadata }) => {
      const { correlationId, door } = JSON.parse(metadata) as Record<string, string>;
      return [correlationId, door];
    });
  } finally {
    log.close();
  }
}

it('requests one after the other, a batch between them', async () => {
  await service.post('/api/v1/balance/delta', item('a'), from('first'));
  const deltas = [item('a'), item('b')];
  await service.post('/api/v1/balance/delta/batch', { deltas }, from('second'));
  await service.post('/api/v1/balance/delta', item('a'), from('third'));
  expect(storedOrigins()).toEqual([
    ['first', 'http'],
    ['second', 'batch'],
    ['second', 'batch'],
    ['third', 'http'],
  ]);
});
