// A seal log that is not what was stored is broken: it is neither sealed nor signed any more, and
// the verifier goes on with everything else. An event of a newer build is no such damage.
import { DELTAS_VERIFIED, sealEventText, UnreadableEventError } from '@deltabook/domain';
import { createHash } from 'node:crypto';
import { NO_STREAM } from '../ports/event-store.port';
import { BrokenSealLogError, SealLog } from './seal-log';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const sealedAt = '2026-01-01T00:00:00.000Z';
const root = `0x${'0a'.repeat(32)}`;
const reference = '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359';

function aSealLog(): SealLog {
  const scope = { tenant: 'default', environment: 'sandbox' } as const;
  const tree = new Uint8Array(0);
  return new SealLog(
    { no: 1, scope, revision: NO_STREAM, tree, head: undefined },
    { store: { sealTile: () => tree }, sha256 },
  );
}

const sealed = (firstIndex: number, size: number): string =>
  sealEventText({
    type: DELTAS_VERIFIED,
    v: 1,
    firstIndex,
    sealedAt,
    heads: [[reference, size, root]],
  });

it('takes seals that follow one another', () => {
  const sealLog = aSealLog();
  const sizes: number[] = [];
  for (const [revision, data] of [sealed(0, 1), sealed(1, 3)].entries()) {
    sealLog.take({ revision, type: DELTAS_VERIFIED, data }, (_, { size }) => sizes.push(size));
  }
  expect([sealLog.size, sizes]).toEqual([2, [1, 3]]);
});

const broken: readonly [what: string, revision: number, data: string, message: string][] = [
  ['are cut off', 0, sealed(0, 1).slice(0, -2), 'seals are damaged before revision 1'],
  ['lack their heads', 0, sealed(0, 1).replace('heads', 'haeds'), 'seals are damaged'],
  ['come too early', 1, sealed(0, 1), 'events are missing before revision 1'],
  ['begin too far on', 0, sealed(4, 1), 'seals are missing before revision 0'],
];

it.each(broken)('is broken by seals that %s', (_what, revision, data, message) => {
  const take = (): void =>
    aSealLog().take({ revision, type: DELTAS_VERIFIED, data }, () => undefined);
  expect(take).toThrow(BrokenSealLogError);
  expect(take).toThrow(message);
});

it('is not broken by what a newer build wrote', () => {
  const data = sealed(0, 1).replace('"v":1', '"v":2');
  const take = (): void =>
    aSealLog().take({ revision: 0, type: DELTAS_VERIFIED, data }, () => undefined);
  expect(take).toThrow(UnreadableEventError);
});
