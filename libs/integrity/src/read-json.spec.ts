import { canonicalJson, type Json } from './canonical-json';
import { isCanonicalObject } from './read-json';

const CANONICAL = [
  '{}',
  '{"a":1,"b":[{"c":null,"d":true}],"e":"é\\n\\"\\\\"}',
  // Members in the order of their texts, whatever order an engine lists numbers in.
  '{"10":1,"9":2}',
  '{"__proto__":1}',
  '{"a":"\\u0001"}',
  '{"a":1e+21,"b":1e-7}',
];
const OTHERS = [
  '{"b":1,"a":2}',
  '{"a":{"c":1,"b":2}}',
  '{"a":[{"c":1,"b":2}]}',
  '{"9":1,"10":2}',
  '{"a":1,"a":1}',
  '{"a": 1}',
  '{"a":1}\n',
  '{"a":1.0}',
  '{"a":-0}',
  '{"a":1e400}',
  '{"a":"\\u00e9"}',
  '{"a":"\\/"}',
  '{"a":"\\ud800"}',
  '{"\\ud800":1}',
  '[1]',
  '"a"',
  'null',
  '',
  '{',
];

it.each(CANONICAL)('takes %s for the canonical text of an object', (text) => {
  expect(isCanonicalObject(text)).toBe(true);
  expect(canonicalJson(JSON.parse(text) as Json)).toBe(text);
});

it.each(OTHERS)('takes %s for none', (text) => {
  expect(isCanonicalObject(text)).toBe(false);
});

it('takes a text that is nested too deep to be written for none', () => {
  const depth = 200_000;
  expect(isCanonicalObject(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`)).toBe(false);
});
