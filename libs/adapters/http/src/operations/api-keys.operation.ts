// /dashboard/api-keys: keys of the caller's own tenant, of both its environments.
import {
  IssueApiKeyCommand,
  ListApiKeysQuery,
  RevokeApiKeyCommand,
  type AccessOrigin,
  type ApiKeyView,
} from '@deltabook/application';
import {
  API_KEYS_PER_PAGE,
  CREATE_API_KEY,
  GET_API_KEY,
  LIST_API_KEYS,
  REVOKE_API_KEY,
  type ApiKeyListQuery,
  type ApiKeyListReply,
  type ApiKeyParams,
  type ApiKeyReply,
  type CreateApiKeyBody,
  type CreatedApiKeyReply,
} from '@deltabook/contracts';
import type { Environment } from '@deltabook/domain';
import type { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiError } from '../api-error';
import type { Call, Operation } from '../operation';
import { wholeNumberOf } from './read-result';

const ENVIRONMENT_OF = {
  sandbox: 'sandbox',
  test: 'sandbox',
  production: 'production',
  live: 'production',
} as const satisfies Record<NonNullable<CreateApiKeyBody['environment']>, Environment>;

export class CreateApiKeyOperation implements Operation<CreateApiKeyBody> {
  readonly contract = CREATE_API_KEY;

  constructor(private readonly bus: Pick<CommandBus, 'execute'>) {}

  async handle(call: Call<CreateApiKeyBody>): Promise<string> {
    const { principal, body } = call;
    const environment = body.environment ? ENVIRONMENT_OF[body.environment] : principal.environment;
    const command = new IssueApiKeyCommand(accessOriginOf(call), {
      tenant: principal.tenant,
      environment,
      scopes: body.scopes ?? ['read', 'write'],
      name: body.name,
    });
    const outcome = await this.bus.execute(command);
    if (outcome.kind === 'refused') throw new ApiError(outcome.code);
    const { key, fullKey } = outcome;
    const secretKey = fullKey.slice(key.publicKey.length + 1);
    const reply: CreatedApiKeyReply = { ...apiKeyReply(key), secretKey, fullKey };
    return JSON.stringify(reply);
  }
}

export class ListApiKeysOperation implements Operation<unknown, ApiKeyListQuery> {
  readonly contract = LIST_API_KEYS;

  constructor(private readonly bus: Pick<QueryBus, 'execute'>) {}

  async handle({ principal, query }: Call<unknown, ApiKeyListQuery>): Promise<string> {
    const keys = await this.bus.execute(new ListApiKeysQuery(principal.tenant, undefined));
    const page = wholeNumberOf(query.page, 1);
    const limit = wholeNumberOf(query.limit, API_KEYS_PER_PAGE);
    const items = keys.slice((page - 1) * limit, page * limit).map(apiKeyReply);
    const reply: ApiKeyListReply = { items, total: keys.length, page, limit };
    return JSON.stringify(reply);
  }
}

export class GetApiKeyOperation implements Operation<unknown, unknown, ApiKeyParams> {
  readonly contract = GET_API_KEY;

  constructor(private readonly bus: Pick<QueryBus, 'execute'>) {}

  async handle({ principal, params }: Call<unknown, unknown, ApiKeyParams>): Promise<string> {
    const keys = await this.bus.execute(new ListApiKeysQuery(principal.tenant, undefined));
    const key = keys.find(({ id }) => id === params.keyId);
    if (!key) throw new ApiError('API_KEY_NOT_FOUND');
    return JSON.stringify(apiKeyReply(key));
  }
}

export class RevokeApiKeyOperation implements Operation<unknown, unknown, ApiKeyParams> {
  readonly contract = REVOKE_API_KEY;

  constructor(private readonly bus: Pick<CommandBus, 'execute'>) {}

  async handle(call: Call<unknown, unknown, ApiKeyParams>): Promise<string> {
    const { tenant } = call.principal;
    const command = new RevokeApiKeyCommand(accessOriginOf(call), tenant, call.params.keyId);
    const outcome = await this.bus.execute(command);
    if (outcome.kind === 'refused') throw new ApiError(outcome.code);
    return JSON.stringify(apiKeyReply(outcome.key));
  }
}

function accessOriginOf({ principal, correlationId, now }: Call): AccessOrigin {
  return { door: 'http', actor: principal.keyId, correlationId, now };
}

function apiKeyReply(key: ApiKeyView): ApiKeyReply {
  const { id, name, environment, publicKey, scopes } = key;
  const { createdAt, active, revokedAt, lastUsedAt } = key;
  return {
    id,
    name,
    environment,
    publicKey,
    scopes,
    createdAt,
    active,
    revokedAt,
    lastUsedAt,
  };
}
