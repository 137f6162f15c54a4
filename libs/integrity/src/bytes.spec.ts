import * as fc from 'fast-check';
import {
  Base64Pieces,
  base64Of,
  bytesEqual,
  bytesOfBase64,
  bytesOfHex,
  concatBytes,
  hexOf,
  textOfUtf8,
  utf8,
} from './bytes';

const bytes = fc.uint8Array({ maxLength: 100 });

it('base64 is what Node writes, and reads back', () => {
  fc.assert(
    fc.property(bytes, (value) => {
      expect(base64Of(value)).toBe(Buffer.from(value).toString('base64'));
      expect(bytesOfBase64(base64Of(value))).toEqual(value);
    }),
  );
});

it('hex is what Node writes, and reads back', () => {
  fc.assert(
    fc.property(bytes, (value) => {
      expect(hexOf(value)).toBe(Buffer.from(value).toString('hex'));
      expect(bytesOfHex(hexOf(value))).toEqual(value);
    }),
  );
});

it.each([
  'A',
  'AA',
  'AA=',
  'AB==',
  'AAB=',
  'A===',
  '====',
  'AA\n=',
  'AA-_',
  ' AAA',
  'ÀAAA',
  'AA==AAAA',
])('base64 %j is refused', (text) => {
  expect(bytesOfBase64(text)).toBeUndefined();
});

it.each(['0', '0G', 'AB', '0x00', ' 00', '00\n'])('hex %j is refused', (text) => {
  expect(bytesOfHex(text)).toBeUndefined();
});

it('any text has at most one spelling', () => {
  fc.assert(
    fc.property(fc.base64String(), (text) => {
      const value = bytesOfBase64(text);
      if (value) expect(base64Of(value)).toBe(text);
    }),
  );
});

it('pieces of base64 are the base64 of the whole', () => {
  fc.assert(
    fc.property(fc.array(bytes), (parts) => {
      const pieces = new Base64Pieces();
      const text = parts.map((part) => pieces.push(part)).join('') + pieces.end();
      expect(text).toBe(base64Of(concatBytes(parts)));
    }),
  );
});

it('UTF-8 keeps a byte order mark and refuses what is not UTF-8', () => {
  expect(textOfUtf8(utf8('\ufeffé'))).toBe('\ufeffé');
  expect(textOfUtf8(Uint8Array.of(0xc3))).toBeUndefined();
});

it('bytes are equal only with equal length and values', () => {
  expect(bytesEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
  expect(bytesEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
  expect(bytesEqual(Uint8Array.of(1), Uint8Array.of(1, 0))).toBe(false);
});
