import { StreamNames } from './stream-names';

it('puts the prefix before names and takes it away again', () => {
  const names = new StreamNames('shop-1_');
  expect(names.stored('customer-ab')).toBe('shop-1_customer-ab');
  expect(names.ours('shop-1_customer-ab')).toBe('customer-ab');
});

it('knows no stream of another installation', () => {
  expect(new StreamNames('shop_').ours('shop-1_customer-ab')).toBeUndefined();
  expect(new StreamNames('shop_').ours('customer-ab')).toBeUndefined();
  expect(new StreamNames('').ours('customer-x_customer-ab')).toBeUndefined();
  expect(new StreamNames('').ours('customer-ab')).toBe('customer-ab');
});

it.each(['shop', '_', 'a_b_', '$shop_', 'Shop_'])('refuses the prefix %s', (prefix) => {
  expect(() => new StreamNames(prefix)).toThrow(RangeError);
});
