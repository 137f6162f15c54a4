import Ajv2020 from 'ajv/dist/2020';
import { openDoors } from '../../../../../test/support/http-doors';

interface Described {
  readonly paths: Record<string, Record<string, { operationId: string; responses: object }>>;
  readonly components: { readonly schemas: Record<string, object> };
}

async function described(): Promise<Described> {
  const { status, text } = await openDoors(() => undefined).get('/openapi.json');
  expect(status).toBe(200);
  return JSON.parse(text) as Described;
}

describe('the OpenAPI description', () => {
  it('has every operation of the API', async () => {
    const { paths } = await described();
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => [operationId, method, path]),
    );
    expect(operations).toEqual([
      ['emitDelta', 'post', '/api/v1/balance/delta'],
      ['emitBatch', 'post', '/api/v1/balance/delta/batch'],
      ['getDelta', 'get', '/api/v1/balance/delta/{recordId}'],
      ['listCustomers', 'get', '/api/v1/balance/customers'],
      ['summarizeCustomers', 'get', '/api/v1/balance/customers/summary'],
      ['getCustomer', 'get', '/api/v1/balance/customers/{customerId}'],
      ['deriveBalance', 'get', '/api/v1/balance/derive/{customerId}'],
      ['getTreeNodes', 'get', '/api/v1/balance/tree/{customerId}'],
      ['listGaps', 'get', '/api/v1/balance/gaps/{customerId}'],
      ['verifyRoot', 'get', '/api/v1/verify/{proofRoot}'],
      ['getReceipt', 'get', '/api/v1/balance/receipt/{customerId}'],
      ['getInvoiceProof', 'get', '/api/v1/balance/invoice-proof/{customerId}'],
      ['compareBalances', 'post', '/api/v1/balance/compare'],
      ['createCheckpoint', 'post', '/api/v1/balance/checkpoint'],
      ['listCheckpoints', 'get', '/api/v1/balance/checkpoints'],
      ['getCheckpoint', 'get', '/api/v1/balance/checkpoints/{checkpointId}'],
      ['createApiKey', 'post', '/dashboard/api-keys'],
      ['listApiKeys', 'get', '/dashboard/api-keys'],
      ['getApiKey', 'get', '/dashboard/api-keys/{keyId}'],
      ['revokeApiKey', 'delete', '/dashboard/api-keys/{keyId}'],
      ['getSystem', 'get', '/dashboard/system'],
    ]);
  });

  it('refers only to schemas that it has, each of them valid', async () => {
    const { paths, components } = await described();
    const references = JSON.stringify({ paths, components }).matchAll(/"\$ref":"#\/([^"]+)"/g);
    const names = [...references].map((match) => match[1]?.replace('components/schemas/', ''));
    expect(names.length).toBeGreaterThan(20);
    expect(Object.keys(components.schemas)).toEqual(expect.arrayContaining([...new Set(names)]));
    const ajv = new Ajv2020({ allowUnionTypes: true, keywords: ['x-freeJson', 'components'] });
    ajv.addSchema({ $id: 'api', components });
    for (const name of Object.keys(components.schemas)) {
      expect(ajv.getSchema(`api#/components/schemas/${name}`)).toBeInstanceOf(Function);
    }
  });

  it('takes no null where there can be none', async () => {
    const { paths } = await described();
    expect(JSON.stringify(paths)).not.toContain('"null"');
  });
});

describe('the docs page', () => {
  it('shows every operation and error, and loads nothing', async () => {
    const { get } = openDoors(() => undefined);
    const { status, headers, text } = await get('/docs/');
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    for (const id of ['emitDelta', 'revokeApiKey', 'errors', 'IDEMPOTENCY_CONFLICT']) {
      expect(text).toContain(`id="${id}"`);
    }
    expect(text).not.toMatch(/<script|<link|src=|https?:\/\/(?!127\.0\.0\.1)/);
    const targets = [...text.matchAll(/href="#([^"]+)"/g)].map((match) => match[1]);
    expect(targets.filter((target) => !text.includes(`id="${target}"`))).toEqual([]);
  });
});
