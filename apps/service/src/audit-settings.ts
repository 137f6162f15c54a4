// Settings of the audit: how much of a processor the continuous check may take, and how often.
import { integer } from './setting-types';

export const AUDIT_SETTINGS = {
  AUDIT_BUSY_CPU_PERCENT: integer(
    5,
    [1, 100],
    'share of one processor that the continuous check takes at most under load',
  ),
  AUDIT_IDLE_CPU_PERCENT: integer(50, [1, 100], 'the same while the service is idle'),
  AUDIT_ROUND_MS: integer(
    20_000,
    [0, 86_400_000],
    'least time between the starts of two rounds of the continuous check',
  ),
  AUDIT_RETRY_MS: integer(5_000, [10, 600_000], 'pause of the continuous check after an error'),
  AUDIT_CUSTOMERS_MAX: integer(
    100_000,
    [1_000, 10_000_000],
    'customers whose replayed state is in memory at once; with more the log is read in parts',
  ),
  AUDIT_FINDINGS_MAX: integer(1_000, [1, 100_000], 'findings that one audit lists'),
} as const;
