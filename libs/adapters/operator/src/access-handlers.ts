// Operators' commands on tenants and keys.
import type {
  AccessOrigin,
  AccessRefusal,
  ApiKeyView,
  TenantDirectoryInMemory,
  Tenants,
} from '@deltabook/application';
import { ERRORS } from '@deltabook/contracts';
import { SCOPES, type Scope } from '@deltabook/domain';
import type { Json } from '@deltabook/integrity';
import { environmentOf, textOf, wrongArgument } from './operator-arguments';
import { OperatorRefusal, type OperatorArgs, type OperatorHandlers } from './operator-handler';

export interface AccessHandlersParts {
  readonly tenants: Tenants;
  readonly directory: TenantDirectoryInMemory;
  /** Stamps a command: who, when, and an id to find it by. */
  readonly origin: () => AccessOrigin;
  /** Brings the directory up to date before all tenants are listed, where nothing else does. */
  readonly fillDirectory: () => Promise<void>;
}

/** `keys.create|list|revoke` and `tenants.create|list`; arguments are those of the command line. */
export function accessHandlers(parts: AccessHandlersParts): OperatorHandlers {
  const { tenants, directory, origin } = parts;
  return {
    'keys.create': async (args) => {
      const request = {
        tenant: textOf(args, 'tenant'),
        environment: environmentOf(args),
        scopes: scopesOf(args),
        name: textOf(args, 'name'),
      };
      const outcome = await tenants.issueKey(origin(), request);
      if (outcome.kind === 'refused') throw refusal(outcome);
      return { ...keyJson(outcome.key), fullKey: outcome.fullKey };
    },
    'keys.list': async (args) => {
      const environment = args['environment'] === undefined ? undefined : environmentOf(args);
      const keys = await keysOf(tenants, textOf(args, 'tenant'));
      const wanted = keys.filter((key) => !environment || key.environment === environment);
      return { keys: wanted.map(keyJson) };
    },
    'keys.revoke': async (args) => {
      const tenant = textOf(args, 'tenant');
      const name = textOf(args, 'key');
      const keys = await keysOf(tenants, tenant);
      const keyId = keys.find(({ publicKey }) => publicKey === name)?.id ?? name;
      const outcome = await tenants.revokeKey(origin(), { tenant, keyId });
      if (outcome.kind === 'refused') throw refusal(outcome);
      return keyJson(outcome.key);
    },
    'tenants.create': async (args) => {
      const tenant = textOf(args, 'tenant');
      const given = args['referenceKey'] === undefined ? undefined : textOf(args, 'referenceKey');
      const outcome = await tenants.create(origin(), { tenant, referenceKey: given });
      if (outcome.kind === 'refused') throw refusal(outcome);
      return { tenant };
    },
    'tenants.list': async () => {
      await parts.fillDirectory();
      return {
        tenants: directory.all().map(({ tenant, createdAt, keys }) => {
          const active = [...keys.values()].filter(({ revokedAt }) => revokedAt === undefined);
          return { tenant, createdAt, activeKeys: active.length };
        }),
      };
    },
  };
}

async function keysOf(tenants: Tenants, tenant: string): Promise<readonly ApiKeyView[]> {
  const keys = await tenants.keys(tenant);
  if (!keys) throw refusal({ kind: 'refused', code: 'TENANT_NOT_FOUND' });
  return keys;
}

function keyJson(key: ApiKeyView): { readonly [name: string]: Json } {
  return { ...key };
}

function refusal({ code }: AccessRefusal): OperatorRefusal {
  const { message, remedy } = ERRORS[code];
  return new OperatorRefusal(code, `${message} ${remedy}`);
}

function scopesOf(args: OperatorArgs): readonly Scope[] {
  const given = args['scopes'];
  const scopes = SCOPES.filter((scope) => Array.isArray(given) && given.includes(scope));
  if (!Array.isArray(given) || scopes.length !== given.length) {
    throw wrongArgument('scopes', `a list of ${SCOPES.join(', ')}, each once`);
  }
  return scopes;
}
