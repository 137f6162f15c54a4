import type { EmittedDelta } from '@deltabook/domain';
import { RecentKeys } from './recent-keys';

const aDelta = (sequence: number): EmittedDelta => ({
  revision: sequence,
  sequence,
  nano: 1n,
  balanceNano: BigInt(sequence),
  receiptId: '',
  contentHash: '',
  previousProofHash: '',
  recordedAt: '',
  bodyMac: '',
});

describe('recent keys', () => {
  it('are found until their whole generation is projected', () => {
    const keys = new RecentKeys(1_000_000);
    for (let i = 0; i < 20_000; i += 1) keys.remember(`k${i}`, aDelta(i), BigInt(i));
    expect(keys.find('k0')?.sequence).toBe(0);
    expect(keys.find('k19999')?.sequence).toBe(19_999);
    expect(keys.find('k20000')).toBeUndefined();
    keys.forgetUpTo(4_094n);
    expect(keys.find('k0')?.sequence).toBe(0);
    keys.forgetUpTo(4_095n);
    expect(keys.find('k0')).toBeUndefined();
    expect(keys.find('k4096')?.sequence).toBe(4_096);
    keys.forgetUpTo(20_000n);
    expect(keys.size).toBe(0);
  });

  it('are full once the projection is too far behind', () => {
    const keys = new RecentKeys(20_000);
    for (let i = 0; i < 20_000; i += 1) keys.remember(`k${i}`, aDelta(i), BigInt(i));
    expect(keys.isFull()).toBe(true);
    keys.forgetUpTo(4_095n);
    expect(keys.isFull()).toBe(false);
  });
});
