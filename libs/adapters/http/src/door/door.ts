// The door: who may come in, and how many at once, in requests and bytes, over all and per tenant.
// It is asked before a body is read, so that what is refused costs no memory.
import {
  Admission,
  type Principal,
  type Scope,
  type TenantDirectory,
} from '@deltabook/application';
import { BODY_BYTES_MAX, type ErrorCode, type OperationContract } from '@deltabook/contracts';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../api-error';
import type { Sessions } from '../dashboard/sessions';
import type { HttpLimits } from '../http-parts';
import type { Place, Visit } from './visit';

const API_KEY = /^pk_(?:test|live)_[A-Za-z0-9_-]{1,64}\.[A-Za-z0-9_-]{1,128}$/;

/** Who calls without a key: of no tenant, and all of them together have one tenant's share. */
const ANYONE: Principal = { tenant: '', environment: 'sandbox', scopes: [], keyId: '' };

type Refusal = NonNullable<ReturnType<Admission['refusal']>>;

/** The door is not the write path: its refusals have their own codes. */
const CODE_OF_REFUSAL = {
  SERVICE_OVERLOADED: 'TOO_MANY_REQUESTS',
  TENANT_OVERLOADED: 'TENANT_OVERLOADED',
  SHUTTING_DOWN: 'SHUTTING_DOWN',
} as const satisfies Record<Refusal, ErrorCode>;

export class Door {
  private readonly inFlight: Admission;
  private writesInFlight = 0;
  private onDrained: (() => void) | undefined;

  constructor(
    private readonly tenants: TenantDirectory,
    limits: HttpLimits,
    private readonly sessions?: Pick<Sessions, 'principalOf'>,
  ) {
    this.inFlight = new Admission({
      pendingCountMax: limits.requestsInFlightMax,
      pendingBytesMax: limits.requestBytesInFlightMax,
      tenantShareMax: limits.tenantShareMax,
    });
  }

  get requestsInFlight(): number {
    return this.inFlight.pendingCount;
  }

  get bytesInFlight(): number {
    return this.inFlight.pendingBytes;
  }

  get draining(): boolean {
    return this.onDrained !== undefined;
  }

  /** Lets a request in or throws an ApiError; who is let in must leave. */
  enter(contract: OperationContract, request: FastifyRequest, visit: Visit): void {
    const isWrite = contract.method !== 'GET';
    if (isWrite && this.draining) throw new ApiError('SHUTTING_DOWN');
    const principal = this.identify(contract, request);
    const byteCount = isWrite ? bodyBytes(contract, request) : 0;
    visit.principal = principal;
    const { tenant } = principal;
    const refusal = this.inFlight.refusal(tenant, 1, byteCount);
    if (refusal) throw new ApiError(codeOf(refusal, principal));
    this.inFlight.enter(tenant, byteCount);
    if (isWrite) this.writesInFlight += 1;
    visit.place = { tenant, byteCount, isWrite };
  }

  leave({ tenant, byteCount, isWrite }: Place): void {
    this.inFlight.leave(tenant, byteCount);
    if (!isWrite) return;
    this.writesInFlight -= 1;
    if (this.writesInFlight === 0) this.onDrained?.();
  }

  /** Refuses writes from now on; resolves once those that were let in are answered. */
  drain(): Promise<void> {
    return new Promise((resolve) => {
      this.onDrained = resolve;
      if (this.writesInFlight === 0) resolve();
    });
  }

  /** Who calls, by key or as a page by its session; throws an ApiError where they may not. */
  identify({ access }: Pick<OperationContract, 'access'>, request: FastifyRequest): Principal {
    if (access === 'public') return ANYONE;
    const principal = this.principalOf(request);
    demandScope(principal, access);
    return principal;
  }

  private principalOf(request: FastifyRequest): Principal {
    const key = request.headers['x-api-key'];
    if (typeof key === 'string' && key !== '') return this.principalOfKey(key);
    const ofSession = this.sessions?.principalOf(request);
    if (ofSession) return ofSession;
    throw new ApiError(Array.isArray(key) ? 'MALFORMED_API_KEY' : 'MISSING_API_KEY');
  }

  private principalOfKey(key: string): Principal {
    const principal = this.tenants.authenticate(key);
    if (principal) return principal;
    if (!API_KEY.test(key)) throw new ApiError('MALFORMED_API_KEY');
    // A caller told that its key is wrong gives up; while tenants are being found it may be right.
    throw new ApiError(this.tenants.isComplete() ? 'INVALID_API_KEY' : 'PROJECTION_BUILDING');
  }
}

/** Nobody who comes without a key has a share of their own to be told of. */
function codeOf(refusal: Refusal, { tenant }: Principal): ErrorCode {
  const isAnyone = refusal === 'TENANT_OVERLOADED' && tenant === ANYONE.tenant;
  return isAnyone ? 'TOO_MANY_REQUESTS' : CODE_OF_REFUSAL[refusal];
}

function demandScope({ scopes }: Principal, scope: Scope): void {
  if (!scopes.includes(scope)) throw new ApiError('FORBIDDEN', { scope });
}

/** Bytes to reserve: what the request says, or the most it may have where it does not. */
function bodyBytes({ bodyBytesMax }: OperationContract, request: FastifyRequest): number {
  const most = bodyBytesMax ?? BODY_BYTES_MAX;
  const length = request.headers['content-length'];
  if (length === undefined) return request.headers['transfer-encoding'] === undefined ? 0 : most;
  const byteCount = Number(length);
  if (byteCount > most) throw new ApiError('BODY_TOO_LARGE', { reason: limitText(most) });
  return byteCount;
}

function limitText(byteCount: number): string {
  return `at most ${byteCount} bytes are taken here`;
}
