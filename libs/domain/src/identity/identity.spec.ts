import { createHmac } from 'node:crypto';
import { keccak_256 } from '@noble/hashes/sha3';
import {
  checksumCased,
  customerPartition,
  customerReference,
  customerStream,
  referenceHexOfStream,
} from './customer-reference';
import { isCustomerId, isName } from './names';
import {
  checkpointId,
  checkpointsId,
  parseCheckpointId,
  parseCheckpointsId,
  parseRecordId,
  recordId,
  recordIdPrefix,
} from './record-id';

const keccak256 = (ascii: string): string => Buffer.from(keccak_256(ascii)).toString('hex');
const keyed = (keyHex: string) => (text: string) =>
  createHmac('sha256', Buffer.from(keyHex, 'hex')).update(text).digest('hex');

describe('EIP-55 casing', () => {
  // The four mixed-case examples of EIP-55 itself.
  it.each([
    '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
    '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
    '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
    '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
  ])('of %s', (reference) => {
    expect(checksumCased(reference.slice(2).toLowerCase(), keccak256)).toBe(reference);
  });
});

describe('the customer reference', () => {
  const ZERO_KEY = '00'.repeat(32);
  const COUNTING_KEY = Buffer.from(Array.from({ length: 32 }, (_, i) => i)).toString('hex');
  const primitives = { referenceHmac: keyed(ZERO_KEY), keccak256 };

  // The published test vectors of docs/reference/customer-reference.md.
  it.each([
    [ZERO_KEY, 'sandbox', 'cust_001', '0x657c12EBE05FA5285b3Cae77E97c6a18FDB135E1', '1702630123'],
    [
      ZERO_KEY,
      'production',
      'cust_001',
      '0x92ebdB5797a092eae9f96f5555A96081E987547d',
      '2464930647',
    ],
    [
      ZERO_KEY,
      'sandbox',
      'partner_acme',
      '0x648ee7D32719092FC38a7959828A747491490F27',
      '1687087059',
    ],
    [
      COUNTING_KEY,
      'sandbox',
      'cust_001',
      '0x166668f2E471F6448dEA29b4a3c07Ea4dBA3485D',
      '375810290',
    ],
    [
      COUNTING_KEY,
      'production',
      'A.b:c-d_e',
      '0x96FFC707a5493Ab405D99Cb66D8246e9dd95BA38',
      '2533345031',
    ],
  ] as const)(
    'under %s of %s %s is published',
    (key, environment, customerId, published, partition) => {
      const reference = customerReference(environment, customerId, {
        referenceHmac: keyed(key),
        keccak256,
      });
      expect(reference).toBe(published);
      expect(customerPartition(reference)).toBe(partition);
    },
  );

  it('differs by environment, customerId and tenant', () => {
    const references = new Set([
      customerReference('sandbox', 'a', primitives),
      customerReference('production', 'a', primitives),
      customerReference('sandbox', 'A', primitives),
      customerReference('sandbox', 'a', { ...primitives, referenceHmac: keyed('01'.repeat(32)) }),
    ]);
    expect(references.size).toBe(4);
  });

  it('names the stream and the partition', () => {
    const reference = '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359';
    expect(customerStream(reference)).toBe('customer-fb6916095ca1df60bb79ce92ce3ea74c37c5d359');
    expect(referenceHexOfStream(customerStream(reference))).toBe(reference.slice(2).toLowerCase());
    expect(referenceHexOfStream('tenant-a')).toBeUndefined();
    expect(customerPartition(reference)).toBe(String(0xfb691609));
  });
});

describe('names', () => {
  it.each(['cust_001', 'a', 'A.b:c-d_e', 'x'.repeat(128), '...'])('%p is a customerId', (value) => {
    expect(isCustomerId(value)).toBe(true);
  });
  it.each(['', '.', '..', 'summary', 'x'.repeat(129), 'a b', 'a/b', 'é', 'a\n', 'a%'])(
    '%p is no customerId',
    (value) => {
      expect(isCustomerId(value)).toBe(false);
    },
  );
  it('of tenants are lower case', () => {
    expect([isName('acme-1.eu'), isName('Acme'), isName(''), isName('a'.repeat(64))]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('a recordId', () => {
  it('carries reference and revision', () => {
    const reference = '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359';
    const prefix = recordIdPrefix(reference);
    for (const revision of [1, 31, 32, 1_000_000, 2 ** 32, 2 ** 40 - 1]) {
      const id = recordId(prefix, revision);
      expect(id).toMatch(/^rec_[a-z2-7]{40}$/);
      expect(parseRecordId(id)).toEqual({
        referenceHex: reference.slice(2).toLowerCase(),
        revision,
      });
    }
  });

  it.each([
    '',
    'rec_123',
    `rec_${'1'.repeat(40)}`,
    `REC_${'a'.repeat(40)}`,
    `rec_${'a'.repeat(41)}`,
  ])('%p is none', (text) => {
    expect(parseRecordId(text)).toBeUndefined();
  });
});

it('a checkpointId names its place, and is no recordId', () => {
  const reference = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
  const id = checkpointId(recordIdPrefix(reference), 33);
  expect(id).toMatch(/^chk_[a-z2-7]{40}$/);
  const place = { referenceHex: reference.slice(2).toLowerCase(), revision: 33 };
  expect(parseCheckpointId(id)).toEqual(place);
  expect(parseRecordId(id)).toBeUndefined();
  expect(parseCheckpointId(recordId(recordIdPrefix(reference), 33))).toBeUndefined();
  const all = checkpointsId(33);
  expect(parseCheckpointsId(all)).toBe(33);
  expect([parseCheckpointId(all), parseCheckpointsId(id)]).toEqual([undefined, undefined]);
});
