import { RecentKeys } from './recent-keys';

describe('recent keys', () => {
  it('are found until their whole generation is projected', () => {
    const keys = new RecentKeys(1_000_000);
    for (let i = 0; i < 20_000; i += 1) keys.remember(`k${i}`, i, BigInt(i));
    expect(keys.find('k0')).toBe(0);
    expect(keys.find('k19999')).toBe(19_999);
    expect(keys.find('k20000')).toBeUndefined();
    keys.forgetUpTo(4_094n);
    expect(keys.find('k0')).toBe(0);
    keys.forgetUpTo(4_095n);
    expect(keys.find('k0')).toBeUndefined();
    expect(keys.find('k4096')).toBe(4_096);
    keys.forgetUpTo(20_000n);
    expect(keys.size).toBe(0);
  });

  it('are full once the projection is too far behind', () => {
    const keys = new RecentKeys(20_000);
    for (let i = 0; i < 20_000; i += 1) keys.remember(`k${i}`, i, BigInt(i));
    expect(keys.isFull()).toBe(true);
    keys.forgetUpTo(4_095n);
    expect(keys.isFull()).toBe(false);
  });
});
