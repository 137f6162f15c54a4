import { LatencyHistogram } from './latency-histogram';

it('gives quantiles within a hundredth', () => {
  const histogram = new LatencyHistogram();
  for (let n = 1; n <= 100_000; n += 1) histogram.record(n / 100);
  for (const share of [0.1, 0.5, 0.99, 0.999]) {
    const exact = share * 1_000;
    expect(Math.abs(histogram.quantile(share) - exact) / exact).toBeLessThan(0.01);
  }
  expect(histogram.max).toBe(1_000);
  expect(histogram.quantile(1)).toBe(1_000);
});

it('tells single microseconds apart and holds hours', () => {
  const histogram = new LatencyHistogram();
  for (const ms of [0, 0.001, 0.255, 0.256, 3_600_000]) histogram.record(ms);
  expect([0.2, 0.4, 0.6].map((share) => histogram.quantile(share))).toEqual([0, 0.001, 0.255]);
  expect(histogram.max).toBe(3_600_000);
});
