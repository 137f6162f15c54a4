// Rotation: a reader who trusts one key follows the chain to the others and to no stranger's.
import {
  base64Of,
  keyLinkText,
  keysJson,
  noteVerifierKeys,
  noteVerifierKeyText,
  parseKeysJson,
  parseLogHead,
  utf8,
  verifyKeyChain,
  verifyReceipt,
  type ChainedKey,
  type KeyChain,
} from '@deltabook/integrity';
import { chainOf, INSTALLATION } from '../support/key-chain';
import { nodeCrypto, ORIGIN, sha256, Signer, smallWorld } from '../support/sealed-log';

const signers = ['deltabook test key 1', 'key 2', 'key 3'].map((seed) => new Signer(seed));

const chain = chainOf(...signers);
const [first, second, third] = signers.map(({ publicKey }) => publicKey);
if (!first || !second || !third) throw new Error('three keys');

it('trusts all keys that are linked to a pinned one, before and after it', () => {
  for (const pinned of [[], [first], [second], [third], [third, first]]) {
    expect(verifyKeyChain(chain, pinned, nodeCrypto)).toEqual({
      ok: true,
      publicKeys: [first, second, third],
    });
  }
});

it('keeps receipts of an older key valid', () => {
  const { log, alice, aliceSeal } = smallWorld();
  const verdict = verifyKeyChain(chain, [third], nodeCrypto);
  const keys = verdict.ok ? noteVerifierKeys(ORIGIN, verdict.publicKeys, sha256) : [];
  const receipt = log.receipt(alice, aliceSeal, alice.deltas(1, 1));
  expect(verifyReceipt(receipt, keys, nodeCrypto).ok).toBe(true);
  expect(verifyReceipt(receipt, keys.slice(1), nodeCrypto).ok).toBe(false);
  expect(noteVerifierKeyText(keys[0] ?? log.signer.verifierKey(''))).toMatch(
    /^deltabook\.example\/default-sandbox\+[0-9a-f]{8}\+/,
  );
});

it('is read back from its document, which names no tenant', () => {
  const json = JSON.stringify(keysJson(chain));
  expect(parseKeysJson(JSON.parse(json))).toEqual({ ok: true, value: chain });
  expect(json).not.toContain('default');
});

it('refuses a chain without a key that was seen before', () => {
  const rolledBack = chainOf(...signers.slice(0, 2));
  expect(verifyKeyChain(rolledBack, [third], nodeCrypto)).toMatchObject({ reason: 'NOT_LINKED' });
  const stranger = chainOf(new Signer('stranger'));
  expect(verifyKeyChain(stranger, [first], nodeCrypto)).toMatchObject({ reason: 'NOT_LINKED' });
  const none = { installation: INSTALLATION, keys: [] };
  expect(verifyKeyChain(none, [], nodeCrypto)).toMatchObject({ reason: 'MALFORMED_KEYS' });
});

it('refuses every broken link', () => {
  const link = (index: number, change: Partial<ChainedKey>): KeyChain => ({
    ...chain,
    keys: chain.keys.map((key, at) => (at === index ? { ...key, ...change } : key)),
  });
  const [, two] = chain.keys;
  const { previousSignature: _, ...unlinked } = two as Required<ChainedKey>;
  const broken: KeyChain[] = [
    { ...chain, installation: 'other.example' },
    { ...chain, keys: chain.keys.slice(1) },
    { ...chain, keys: chain.keys.toReversed() },
    { ...chain, keys: chain.keys.with(1, unlinked) },
    link(1, { publicKey: new Signer('stranger').publicKey }),
    link(1, { activatedAt: '2027-01-01T00:00:00.000Z' }),
    link(1, { signature: new Uint8Array(64) }),
    link(1, { previousSignature: new Uint8Array(64) }),
  ];
  for (const wrong of broken) {
    expect(verifyKeyChain(wrong, [], nodeCrypto)).toMatchObject({ reason: 'BROKEN_CHAIN' });
  }
});

it('signs texts that can be no log head', () => {
  const link = { installation: '42', index: 0, activatedAt: '', publicKey: first };
  expect(parseLogHead(keyLinkText(link)).ok).toBe(false);
});

it.each([
  null,
  {},
  { ...keysJson(chain), format: 'deltabook-keys@v2' },
  { ...keysJson(chain), keys: [{}] },
  {
    ...keysJson(chain),
    keys: [{ ...keysJson(chain).keys[0], publicKey: base64Of(utf8('short')) }],
  },
  { ...keysJson(chain), keys: [{ ...keysJson(chain).keys[0], activatedAt: 'today' }] },
  { ...keysJson(chain), keys: [{ ...keysJson(chain).keys[0], previousSignature: 'x' }] },
])('document %# is unreadable', (document) => {
  expect(parseKeysJson(document).ok).toBe(false);
});
