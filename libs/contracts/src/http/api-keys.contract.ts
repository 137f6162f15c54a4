// /dashboard/api-keys: an operator's key makes, lists and revokes the keys of its own tenant.
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
} from 'class-validator';
import { NestedEach } from './nested';
import type { OperationContract } from './operation-contract';
import { IsWholeNumberText } from './query-text';
import { IsText } from './rules';

export const API_KEYS_PER_PAGE = 20;
/** At most 100 keys a page and 10 ** 9 pages. */
const LIMIT_MAX_EXPONENT = 2;
const PAGE_MAX_EXPONENT = 9;
const NAME_LENGTH_MAX = 100;

/** `test` is sandbox, `live` is production. */
export const KEY_ENVIRONMENTS = ['sandbox', 'production', 'test', 'live'] as const;
export const KEY_SCOPES = ['read', 'write', 'operate'] as const;
const PATH = '/dashboard/api-keys';

export class CreateApiKeyBody {
  /** What the key is for. */
  @IsText(1, NAME_LENGTH_MAX)
  readonly name!: string;

  /** That of the calling key when not given. */
  @IsOptional()
  @IsIn(KEY_ENVIRONMENTS)
  readonly environment?: (typeof KEY_ENVIRONMENTS)[number] | null;

  /** read and write when not given. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(KEY_SCOPES.length)
  @IsIn(KEY_SCOPES, { each: true })
  readonly scopes?: readonly (typeof KEY_SCOPES)[number][] | null;
}

export class ApiKeyParams {
  @IsString()
  readonly keyId!: string;
}

export class ApiKeyListQuery {
  /** 1-based; 1 when not given. */
  @IsOptional()
  @IsWholeNumberText(1, PAGE_MAX_EXPONENT)
  readonly page?: string;

  /** 20 when not given. */
  @IsOptional()
  @IsWholeNumberText(1, LIMIT_MAX_EXPONENT)
  readonly limit?: string;
}

export class ApiKeyReply {
  /** `key_…`. */
  @IsString()
  readonly id!: string;

  @IsString()
  readonly name!: string;

  /** sandbox or production. */
  @IsString()
  readonly environment!: string;

  /** `pk_test_…` or `pk_live_…`, without the secret. */
  @IsString()
  readonly publicKey!: string;

  @IsArray()
  @IsIn(KEY_SCOPES, { each: true })
  readonly scopes!: readonly string[];

  @IsString()
  readonly createdAt!: string;

  @IsBoolean()
  readonly active!: boolean;

  @IsOptional()
  @IsString()
  readonly revokedAt!: string | null;

  /** Not recorded: always null. */
  @IsOptional()
  @IsString()
  readonly lastUsedAt!: string | null;
}

export class CreatedApiKeyReply extends ApiKeyReply {
  /** Shown this once. */
  @IsString()
  readonly secretKey!: string;

  /** `publicKey.secretKey`: what X-Api-Key takes. Shown this once. */
  @IsString()
  readonly fullKey!: string;
}

export class ApiKeyListReply {
  @IsArray()
  @NestedEach(() => ApiKeyReply)
  readonly items!: readonly ApiKeyReply[];

  /** Over all pages. */
  @IsInt()
  readonly total!: number;

  @IsInt()
  readonly page!: number;

  @IsInt()
  readonly limit!: number;
}

export const CREATE_API_KEY = {
  id: 'createApiKey',
  method: 'POST',
  path: PATH,
  access: 'operate',
  summary: 'Create an API key of the tenant; its secret is shown this once',
  successStatus: 201,
  body: CreateApiKeyBody,
  reply: CreatedApiKeyReply,
  errors: [
    'INVALID_API_KEY_NAME',
    'INVALID_SCOPES',
    'TOO_MANY_API_KEYS',
    'API_KEY_EXISTS',
    'TENANT_NOT_FOUND',
    'CONTENTION',
    'STORE_UNAVAILABLE',
    'STORE_FULL',
  ],
} as const satisfies OperationContract;

export const LIST_API_KEYS = {
  id: 'listApiKeys',
  method: 'GET',
  path: PATH,
  access: 'operate',
  summary: 'API keys of the tenant, oldest first, without their secrets',
  successStatus: 200,
  query: ApiKeyListQuery,
  reply: ApiKeyListReply,
  errors: [],
} as const satisfies OperationContract;

export const GET_API_KEY = {
  id: 'getApiKey',
  method: 'GET',
  path: `${PATH}/:keyId`,
  access: 'operate',
  summary: 'One API key of the tenant, without its secret',
  successStatus: 200,
  params: ApiKeyParams,
  reply: ApiKeyReply,
  errors: ['API_KEY_NOT_FOUND'],
} as const satisfies OperationContract;

export const REVOKE_API_KEY = {
  id: 'revokeApiKey',
  method: 'DELETE',
  path: `${PATH}/:keyId`,
  access: 'operate',
  summary: 'Revoke an API key of the tenant for good',
  successStatus: 200,
  params: ApiKeyParams,
  reply: ApiKeyReply,
  errors: [
    'API_KEY_NOT_FOUND',
    'TENANT_NOT_FOUND',
    'CONTENTION',
    'STORE_UNAVAILABLE',
    'STORE_FULL',
  ],
} as const satisfies OperationContract;
