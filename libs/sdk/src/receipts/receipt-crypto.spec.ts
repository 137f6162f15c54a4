import * as nodeCrypto from 'node:crypto';
import { receiptCryptoOn, type NativeCrypto } from './receipt-crypto';

const pair = nodeCrypto.generateKeyPairSync('ed25519');
const publicKey = new Uint8Array(pair.publicKey.export({ format: 'der', type: 'spki' }).slice(-32));
const message = new TextEncoder().encode('the head of a seal log\n');
const signature = new Uint8Array(nodeCrypto.sign(null, message, pair.privateKey));

const verify = jest.fn(nodeCrypto.verify as unknown as NativeCrypto['verify']);
const { createPublicKey } = nodeCrypto as unknown as NativeCrypto;
const without: NativeCrypto = {
  createPublicKey: () => {
    throw new Error('no Ed25519 here');
  },
  verify,
};

/** `bytes` with one bit flipped. */
function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = bytes.slice();
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

describe.each<[string, NativeCrypto | undefined]>([
  ['in JavaScript', undefined],
  ['by the platform', { createPublicKey, verify }],
  ['by a platform that cannot', without],
])('an Ed25519 signature checked %s', (_, native) => {
  const { verifyEd25519 } = receiptCryptoOn(native);

  it('holds for its key and message alone', () => {
    expect(verifyEd25519(publicKey, message, signature)).toBe(true);
    expect(verifyEd25519(flipped(publicKey, 9), message, signature)).toBe(false);
    expect(verifyEd25519(publicKey, flipped(message, 0), signature)).toBe(false);
    for (let bit = 0; bit < 512; bit += 37) {
      expect(verifyEd25519(publicKey, message, flipped(signature, bit))).toBe(false);
    }
  });

  it('does not hold where key or signature are none', () => {
    expect(verifyEd25519(new Uint8Array(31), message, signature)).toBe(false);
    expect(verifyEd25519(publicKey, message, signature.slice(1))).toBe(false);
    expect(verifyEd25519(publicKey, message, new Uint8Array(0))).toBe(false);
  });
});

it('asks the platform where there is one', () => {
  verify.mockClear();
  receiptCryptoOn({ createPublicKey, verify }).verifyEd25519(publicKey, message, signature);
  receiptCryptoOn(without).verifyEd25519(publicKey, message, signature);
  expect(verify).toHaveBeenCalledTimes(1);
});
