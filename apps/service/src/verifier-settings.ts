// Settings of the verifier and of the key that signs log heads.
import { ANY_OR_NONE, integer, text } from './setting-types';

export const VERIFIER_SETTINGS = {
  SIGNING_KEY_FILE: text(
    '',
    ANY_OR_NONE,
    'Ed25519 private key in PEM, made when missing; signing-key.pem in DATA_DIR when empty',
  ),
  SIGNING_KEY: text(
    '',
    /^(-----BEGIN PRIVATE KEY-----[\s\S]+)?$/,
    'the same key as text, instead of a file',
  ),
  VERIFY_ROUND_MS: integer(300, [0, 60_000], 'least time between two rounds of sealing'),
  VERIFY_COMMIT_MS: integer(
    15_000,
    [0, 60_000],
    'least time between two commits of what was verified; a reader who needs it asks for one',
  ),
  VERIFY_RETRY_MS: integer(1_000, [10, 600_000], 'pause of the verifier after an error'),
  VERIFY_CUSTOMERS_CACHED_MAX: integer(
    50_000,
    [100, 10_000_000],
    'customers whose verified state stays in memory',
  ),
  VERIFY_CUSTOMERS_PER_ROUND_MAX: integer(
    20_000,
    [1, 1_000_000],
    'customers changed before a round and a commit are made at once',
  ),
  VERIFY_EVENTS_PER_COMMIT_MAX: integer(
    500_000,
    [1_000, 1_000_000],
    'events verified before they are committed at once',
  ),
} as const;
