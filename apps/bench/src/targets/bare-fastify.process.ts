// What the service is held against: Fastify of the product's own version that parses the same
// bodies and replies with as many bytes. Told to store, it does what a batch cannot do without:
// encode each item and commit all that wait into one table, with one fsync and no secondary index.
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import fastify from 'fastify';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { bareSettings } from '../settings';

const BODY_BYTES_MAX = 4 * 1024 * 1024;
const CREATED = 201;

/** Commits all items that wait at once, in the turn after they came. */
class GroupCommit {
  private readonly database: DatabaseSyncInstance;
  private waiting: { readonly items: readonly string[]; readonly done: () => void }[] = [];
  private position = 0;

  constructor(dataDir: string) {
    this.database = new DatabaseSync(join(dataDir, 'bare.db'));
    this.database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    this.database.exec('PRAGMA wal_autocheckpoint = 10000');
    this.database.exec('CREATE TABLE item (position INTEGER PRIMARY KEY, data TEXT NOT NULL)');
  }

  store(items: readonly string[]): Promise<void> {
    return new Promise((done) => {
      if (this.waiting.push({ items, done }) === 1) setImmediate(() => this.commit());
    });
  }

  private commit(): void {
    const insert = this.database.prepare('INSERT INTO item VALUES (?, ?)');
    const group = this.waiting;
    this.waiting = [];
    this.database.exec('BEGIN IMMEDIATE');
    for (const { items } of group) {
      for (const item of items) {
        this.position += 1;
        insert.run(this.position, item);
      }
    }
    this.database.exec('COMMIT');
    for (const { done } of group) done();
  }
}

async function main(): Promise<void> {
  const { dataDir, replyBytes } = bareSettings();
  const server = fastify({ bodyLimit: BODY_BYTES_MAX });
  const reply = JSON.stringify({
    data: 'x'.repeat(Math.max(0, replyBytes - '{"data":""}'.length)),
  });
  const groups = dataDir === '' ? undefined : new GroupCommit(dataDir);
  server.post('/api/v1/balance/delta', (_request, response) =>
    response.code(CREATED).type('application/json; charset=utf-8').send(reply),
  );
  server.post('/api/v1/balance/delta/batch', async (request, response) => {
    const { deltas } = request.body as { readonly deltas: readonly object[] };
    await groups?.store(deltas.map((item) => JSON.stringify(item)));
    return response.code(CREATED).type('application/json; charset=utf-8').send(reply);
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.server.address() as AddressInfo;
  console.log(JSON.stringify({ port, msg: 'listening' }));
}

void main();
