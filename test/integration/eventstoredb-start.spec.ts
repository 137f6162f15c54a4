// A store that cannot be opened says why in one line, soon, and without a secret.
import { EventStoreDbEventStore, type StartErrorCode } from '@deltabook/adapters/eventstoredb';
import { NO_STREAM } from '@deltabook/application';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { caFileOf, makeCertificates } from '../support/eventstoredb/certificates';
import { freePorts } from '../support/free-ports';
import { realServerHome } from '../support/eventstoredb/real-server';
import { ServerCluster } from '../support/eventstoredb/server-cluster';
import { StandInServer, type StandInOptions } from '../support/eventstoredb/stand-in-server';
import { aDataDir } from '../support/service-process';

const SECRET = 'correct-horse';
type Given = Parameters<typeof EventStoreDbEventStore.open>[0];

const servers: StandInServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function aServer(options: StandInOptions = {}): Promise<StandInServer> {
  const server = new StandInServer(options);
  await server.start();
  servers.push(server);
  return server;
}

async function expectRefusal(options: Given, code: StartErrorCode, what: RegExp): Promise<void> {
  const opening = EventStoreDbEventStore.open(options);
  const error = await opening.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ name: 'EventStoreDbStartError', code });
  const { message } = error as Error;
  expect(message).toMatch(what);
  expect(message).not.toContain('\n');
  expect(message).not.toContain(SECRET);
}

it('a connection string that is none', async () => {
  const connectionString = `esdb:/admin:${SECRET}@127.0.0.1`;
  await expectRefusal({ connectionString }, 'WRONG_CONNECTION_STRING', /must start with esdb:/);
});

it.each(['esdb', 'esdb+discover'])('a node that nobody is at (%s)', async (scheme) => {
  const [port] = await freePorts(1);
  const connectionString = `${scheme}://127.0.0.1:${port}?tls=false`;
  const what = new RegExp(`EventStoreDB at 127\\.0\\.0\\.1:${port} cannot be reached`);
  await expectRefusal({ connectionString }, 'STORE_UNREACHABLE', what);
});

it('a server that does not answer', async () => {
  const server = await aServer();
  server.faults.silent = true;
  const options = { connectionString: server.connectionString(), connectTimeoutMs: 300 };
  await expectRefusal(options, 'STORE_UNREACHABLE', /no answer in 300 ms/);
});

it('a server that is too old', async () => {
  const connectionString = (await aServer({ version: '22.10.3' })).connectionString();
  const what = /has version 22\.10\.3; Deltabook needs 23\.10 or newer/;
  await expectRefusal({ connectionString }, 'SERVER_TOO_OLD', what);
});

it('a store of a newer format', async () => {
  const server = await aServer();
  const text = new TextEncoder();
  server.log.append('store', NO_STREAM, [
    {
      id: '00000000-0000-0000-0000-000000000001',
      type: 'StoreOpened',
      contentType: 'application/json',
      data: text.encode('{"v":1,"storeId":"x","format":2}'),
      metadata: text.encode('{}'),
    },
  ]);
  const connectionString = server.connectionString();
  await expectRefusal({ connectionString }, 'FORMAT_TOO_NEW', /format 2, this build knows 1/);
});

it('a file that is not there, or one of two', async () => {
  const connectionString = 'esdb://127.0.0.1:1';
  const caFile = join(aDataDir(), 'absent.crt');
  await expectRefusal(
    { connectionString, caFile },
    'FILE_UNREADABLE',
    /EVENT_STORE_CA_FILE names cannot be read \(ENOENT\)/,
  );
  await expectRefusal({ connectionString, userFile: caFile }, 'FILE_UNREADABLE', /needed together/);
});

const made = makeCertificates();
const describeTls = made === undefined ? describe.skip : describe;

/** Its connection string with a host name, which every version of Node takes for TLS. */
const byName = (server: StandInServer | ServerCluster, user?: string): string =>
  server.connectionString(user).replaceAll('127.0.0.1', 'localhost');

/** Whether TLS with an IP address is possible: from Node 25 on it is refused (DEP0123). */
function takesAddresses(): boolean {
  try {
    connect({ port: 1, host: '127.0.0.1', servername: '127.0.0.1' }).on('error', () => undefined);
    return true;
  } catch {
    return false;
  }
}

describeTls('over TLS (the test needs openssl)', () => {
  const certificates = made ?? '';
  const caFile = caFileOf(certificates);
  let server: StandInServer;
  beforeEach(async () => {
    const node = join(certificates, 'node1');
    const tls = {
      certificate: readFileSync(join(node, 'node.crt')),
      key: readFileSync(join(node, 'node.key')),
    };
    server = await aServer({ tls, user: `admin:${SECRET}` });
  });

  it('an unknown CA', async () => {
    const connectionString = byName(server, `admin:${SECRET}@`);
    await expectRefusal({ connectionString }, 'CERTIFICATE_REFUSED', /set EVENT_STORE_CA_FILE/);
  });

  it.each(['', 'admin:wrong@'])('a wrong user or password: "%s"', async (user) => {
    const connectionString = byName(server, user);
    const what = /refused the user or its password/;
    await expectRefusal({ connectionString, caFile }, 'ACCESS_DENIED', what);
  });

  it('an IP address, where this version of Node takes none', async () => {
    const options = { connectionString: server.connectionString(`admin:${SECRET}@`), caFile };
    if (!takesAddresses()) {
      await expectRefusal(options, 'STORE_UNREACHABLE', /takes host names alone/);
      return;
    }
    const store = await EventStoreDbEventStore.open(options);
    expect(await store.status()).toMatchObject({ reachable: true });
    await store.close();
  });

  it('TLS on one side only', async () => {
    const connectionString = byName(server).replace('tls=true', 'tls=false');
    await expectRefusal({ connectionString }, 'STORE_UNREACHABLE', /check EVENT_STORE|only one/);
  });

  it('opens with the CA, and user and password from files or the string', async () => {
    const userFile = join(certificates, 'user');
    const passwordFile = join(certificates, 'password');
    writeFileSync(userFile, 'admin\n');
    writeFileSync(passwordFile, `${SECRET}\n`);
    const fromFiles = { connectionString: byName(server), userFile, passwordFile };
    const inString = { connectionString: byName(server, `admin:${SECRET}@`) };
    for (const options of [fromFiles, inString]) {
      const store = await EventStoreDbEventStore.open({ ...options, caFile });
      expect(await store.status()).toMatchObject({ reachable: true });
      await store.close();
    }
  });
});

const home = realServerHome();
const describeReal = home === undefined || made === undefined ? describe.skip : describe;

describeReal('a real server with TLS (needs ESDB_HOME and openssl)', () => {
  const caFile = caFileOf(made ?? '');
  let cluster: ServerCluster;
  beforeAll(async () => {
    cluster = await ServerCluster.start(home ?? '', 1, made);
  }, 120_000);
  afterAll(() => cluster.stop());

  it('refuses a wrong password, no user, and is refused without its CA', async () => {
    const denied = /refused the user or its password/;
    for (const user of [`admin:${SECRET}@`, '']) {
      const connectionString = byName(cluster, user);
      await expectRefusal({ connectionString, caFile }, 'ACCESS_DENIED', denied);
    }
    const connectionString = byName(cluster);
    await expectRefusal({ connectionString }, 'CERTIFICATE_REFUSED', /set EVENT_STORE_CA_FILE/);
    const plain = connectionString.replace('tls=true', 'tls=false');
    await expectRefusal({ connectionString: plain }, 'STORE_UNREACHABLE', /cannot be reached/);
  });

  it('takes appends with its CA, user and password', async () => {
    const connectionString = byName(cluster);
    const store = await EventStoreDbEventStore.open({ connectionString, caFile });
    const events = [{ type: 'DeltaEmitted', data: '{"v":1}', metadata: '{}' }];
    const append = { stream: 'customer-a', expectedRevision: NO_STREAM, events };
    expect(await store.append([append])).toMatchObject([{ kind: 'appended', revision: 0 }]);
    await store.close();
  });
});
