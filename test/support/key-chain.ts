// Key chains as an installation shows them: each key signed by itself and by the one before.
import { keyLinkText, utf8, type ChainedKey, type KeyChain } from '@deltabook/integrity';
import type { Signer } from './sealed-log';

export const INSTALLATION = 'deltabook.example';

export function chainOf(...keys: readonly Signer[]): KeyChain {
  const chained = keys.map((signer, index): ChainedKey => {
    const before = keys[index - 1];
    const activatedAt = `2026-0${index + 1}-01T00:00:00.000Z`;
    const { publicKey } = signer;
    const link = { installation: INSTALLATION, index, activatedAt, publicKey };
    const text = utf8(keyLinkText({ ...link, previous: before?.publicKey }));
    const own = { publicKey, activatedAt, signature: signer.sign(text) };
    return before ? { ...own, previousSignature: before.sign(text) } : own;
  });
  return { installation: INSTALLATION, keys: chained };
}
