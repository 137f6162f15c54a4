// A commit in steps that is overtaken by a whole one: nobody is left out, and nobody written twice.
import { CUSTOMER_RECORD_OPENED, customerEventText, customerStream } from '@deltabook/domain';
import { canonicalJson } from '@deltabook/integrity';
import { createHash } from 'node:crypto';
import { LOG_START, type RecordedEvent } from '../ports/event-store.port';
import type { VerificationChanges } from '../ports/verification-store.port';
import { Verifier } from './verifier';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const CUSTOMERS = 600;

const opened = Array.from({ length: CUSTOMERS }, (_, n): RecordedEvent => {
  const reference = `0x${n.toString(16).padStart(40, '0')}`;
  const data = customerEventText(
    {
      type: CUSTOMER_RECORD_OPENED,
      v: 1,
      tenant: 'default',
      environment: 'sandbox',
      customerId: `c${n}`,
      reference,
      openedAt: '2026-01-01T00:00:00.000Z',
    },
    canonicalJson,
  );
  const stream = customerStream(reference);
  const position = BigInt(n + 1);
  return { stream, revision: 0, position, type: CUSTOMER_RECORD_OPENED, data, metadata: '{}' };
});

it('a whole commit takes over from one in steps', async () => {
  const commits: VerificationChanges[] = [];
  const refused = (): never => {
    throw new Error('nothing is appended or read');
  };
  const verifier = new Verifier({
    store: {
      position: LOG_START,
      customer: () => undefined,
      lastCustomerNo: () => 0,
      customerTile: () => new Uint8Array(0),
      sealTile: () => new Uint8Array(0),
      sealLogs: () => [],
      unsealed: () => [],
      unfenced: () => [],
      fencedCount: () => 0,
      commit: (changes) => commits.push(changes),
      close: () => undefined,
    },
    log: { append: refused, readStream: refused },
    retry: { unknownRetriesMax: 0, unknownRetryDelayMs: 0, pause: () => Promise.resolve() },
    signing: undefined,
    sha256,
    sha256Hex: (text) => createHash('sha256').update(text).digest('hex'),
    now: () => 0,
    customersCachedMax: 100,
    onFenced: () => undefined,
    onTrouble: () => undefined,
  });
  await verifier.take({ events: opened, position: BigInt(CUSTOMERS), caughtUp: true });
  verifier.commitStep();
  expect([verifier.isCommitting, commits[0]?.position]).toEqual([true, undefined]);
  verifier.commit();
  expect([verifier.isCommitting, verifier.changedCount]).toEqual([false, 0]);
  expect(commits.at(-1)?.position).toBe(BigInt(CUSTOMERS));
  const written = commits.flatMap(({ customers }) => [...customers].map(({ no }) => no));
  expect(written).toHaveLength(CUSTOMERS);
  expect(new Set(written).size).toBe(CUSTOMERS);
});
