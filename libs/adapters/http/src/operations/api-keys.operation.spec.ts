import { IssueApiKeyCommand, ListApiKeysQuery, RevokeApiKeyCommand } from '@deltabook/application';
import { KEY, NOW, openDoors, OTHER_KEY } from '../../../../../test/support/http-doors';

const PATH = '/dashboard/api-keys';
const key = (n: number): object => ({
  id: `key_${n}`,
  name: 'shop',
  environment: 'production',
  publicKey: `pk_live_${n}`,
  scopes: ['read'],
  createdAt: '2026-01-01T12:00:00.000Z',
  active: true,
  revokedAt: null,
  lastUsedAt: null,
});
const origin = { door: 'http', actor: 'key_spec', correlationId: 'p-1', now: NOW } as const;

describe('API keys', () => {
  it('are created with the secret in the reply, and nowhere else', async () => {
    const issued = { kind: 'issued', key: key(1), fullKey: 'pk_live_1.5ecret' };
    const { post, messages, log } = openDoors(() => issued);
    const body = { name: 'shop', environment: 'live', scopes: ['read'] };
    const reply = await post(PATH, body);
    expect(reply.status).toBe(201);
    expect(reply.body.data).toEqual({
      ...key(1),
      secretKey: '5ecret',
      fullKey: 'pk_live_1.5ecret',
    });
    const request = {
      tenant: 'acme',
      environment: 'production',
      scopes: ['read'],
      name: 'shop',
    } as const;
    expect(messages).toEqual([new IssueApiKeyCommand(origin, request)]);
    expect(log.join('')).not.toContain('5ecret');
  });

  it('are of the calling key’s environment and read and write where nothing is said', async () => {
    const { post, messages } = openDoors(() => ({ kind: 'refused', code: 'TOO_MANY_API_KEYS' }));
    const { status, body } = await post(PATH, { name: 'shop' });
    expect([status, body.error['code']]).toEqual([409, 'TOO_MANY_API_KEYS']);
    expect(messages).toMatchObject([
      { request: { environment: 'sandbox', scopes: ['read', 'write'] } },
    ]);
  });

  it.each([
    [{}, 'name'],
    [{ name: 'a', environment: 'dev' }, 'environment'],
    [{ name: 'a', scopes: [] }, 'scopes'],
    [{ name: 'a', scopes: ['admin'] }, 'scopes/0'],
    [{ name: 'a', tenant: 'other' }, 'tenant'],
  ])('are not created from %j', async (body, field) => {
    const { post, messages } = openDoors(() => undefined);
    const reply = await post(PATH, body);
    expect(reply.body.error).toMatchObject({ code: 'VALIDATION_FAILED', field });
    expect(messages).toEqual([]);
  });

  it('are listed page by page, of the own tenant only', async () => {
    const { get, messages } = openDoors(() => [1, 2, 3].map(key));
    const { body } = await get(`${PATH}?page=2&limit=2`);
    expect(body.data).toEqual({ items: [key(3)], total: 3, page: 2, limit: 2 });
    expect(messages).toEqual([new ListApiKeysQuery('acme', undefined)]);
    expect((await get(`${PATH}/key_2`)).body.data).toEqual(key(2));
    expect((await get(`${PATH}/key_4`)).body.error).toMatchObject({ code: 'API_KEY_NOT_FOUND' });
  });

  it('are revoked by id, also with a content type and no body', async () => {
    const { fastify, messages } = openDoors(() => ({ kind: 'revoked', key: key(1) }));
    const headers = { 'x-api-key': KEY, 'content-type': 'application/json' };
    const reply = await fastify.inject({ method: 'DELETE', url: `${PATH}/key_1`, headers });
    expect(reply.statusCode).toBe(200);
    expect(messages).toEqual([new RevokeApiKeyCommand(origin, 'acme', 'key_1')]);
  });

  it('need the scope operate', async () => {
    const { get } = openDoors(() => []);
    const { status, body } = await get(PATH, { 'x-api-key': OTHER_KEY });
    expect(status).toBe(403);
    expect(body.error).toMatchObject({ code: 'FORBIDDEN', scope: 'operate' });
  });
});
