import { apiKeyText, isApiKeyName, parseApiKey, publicKeyOf, secretHashText } from './api-key';

const SECRET = 'A-z_0123456789abcdef0123456789ab';

describe('a key text', () => {
  it('tells environment, public key and secret', () => {
    expect(parseApiKey(`pk_test_abcd.${SECRET}`)).toEqual({
      environment: 'sandbox',
      publicKey: 'pk_test_abcd',
      secret: SECRET,
    });
    expect(parseApiKey(`pk_live_A_-9.${SECRET}`)).toMatchObject({
      environment: 'production',
      publicKey: 'pk_live_A_-9',
    });
  });

  it.each(['sandbox', 'production'] as const)('of %s is read as it was put together', (world) => {
    const publicKey = publicKeyOf(world, 'abcd');
    expect(parseApiKey(apiKeyText(publicKey, SECRET))).toEqual({
      environment: world,
      publicKey,
      secret: SECRET,
    });
  });

  it.each([
    ['nothing', ''],
    ['no secret', 'pk_test_abcd'],
    ['an empty secret', 'pk_test_abcd.'],
    ['a secret of 31 characters', `pk_test_abcd.${SECRET.slice(1)}`],
    ['a secret of 129 characters', `pk_test_abcd.${'s'.repeat(129)}`],
    ['an id of 3 characters', `pk_test_abc.${SECRET}`],
    ['an id of 65 characters', `pk_test_${'i'.repeat(65)}.${SECRET}`],
    ['another world', `pk_prod_abcd.${SECRET}`],
    ['two dots', `pk_test_abcd.${SECRET}.${SECRET}`],
    ['white space around', ` pk_test_abcd.${SECRET}`],
    ['a line feed at the end', `pk_test_abcd.${SECRET}\n`],
    ['other letters', `pk_test_abcdé.${SECRET}`],
  ])('with %s is none', (_what, text) => {
    expect(parseApiKey(text)).toBeUndefined();
  });

  it('of one secret hashes differently for each public key', () => {
    const texts = ['pk_test_abcd', 'pk_live_abcd', 'pk_test_abce'].map((publicKey) =>
      secretHashText(publicKey, SECRET),
    );
    expect(new Set(texts).size).toBe(3);
  });
});

describe('the name of a key', () => {
  it.each(['a', 'Billing service, 2nd', 'Überweisungen 💶', 'x'.repeat(100)])(
    'may be %s',
    (name) => {
      expect(isApiKeyName(name)).toBe(true);
    },
  );

  it.each([
    ['empty', ''],
    ['of 101 characters', 'x'.repeat(101)],
    ['two lines', 'a\nb'],
    ['an escape sequence', 'a\u001b[31m'],
    ['half a surrogate pair', 'a\ud83d'],
  ])('must not be %s', (_what, name) => {
    expect(isApiKeyName(name)).toBe(false);
  });
});
