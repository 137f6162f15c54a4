// Sessions of the dashboard: the API key stays here, in memory; the browser holds a random token in
// a cookie that no script can read. A restart signs everybody out.
import type { Principal, TenantDirectory } from '@deltabook/application';
import type { FastifyRequest } from 'fastify';
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { ApiError } from '../api-error';
import { refuseOtherSites } from './same-origin';
import { environmentOf, tokenOf } from './session-cookies';

export interface SessionLimits {
  /** Sessions at once; the one that was not used for longest gives way (SESSIONS_MAX). */
  readonly sessionsMax: number;
  /** A session that is not used for so long ends (SESSION_IDLE_MS). */
  readonly sessionIdleMs: number;
}

export interface Session {
  readonly token: string;
  /** Goes with every change, in the header X-Deltabook-CSRF. */
  readonly csrfToken: string;
  readonly principal: Principal;
}

interface KeptSession extends Session {
  readonly apiKey: string;
  usedMs: number;
}

const TOKEN_BYTES = 32;
const CSRF_HEADER = 'x-deltabook-csrf';

export class Sessions {
  /** By token, in the order of last use. */
  private readonly sessions = new Map<string, KeptSession>();

  constructor(
    private readonly tenants: Pick<TenantDirectory, 'authenticate' | 'isComplete'>,
    private readonly limits: SessionLimits,
    private readonly nowMs: () => number,
  ) {}

  /** Throws INVALID_API_KEY, or PROJECTION_BUILDING while keys are still being found. */
  open(apiKey: string): Session {
    const principal = this.tenants.authenticate(apiKey);
    if (!principal) {
      const isKnown = this.tenants.isComplete();
      throw new ApiError(isKnown ? 'INVALID_API_KEY' : 'PROJECTION_BUILDING');
    }
    const token = randomBytes(TOKEN_BYTES).toString('hex');
    const csrfToken = randomBytes(TOKEN_BYTES).toString('hex');
    const session = { token, csrfToken, principal, apiKey, usedMs: this.nowMs() };
    this.sessions.set(token, session);
    const [oldest] = this.sessions.keys();
    if (this.sessions.size > this.limits.sessionsMax && oldest !== undefined) this.close(oldest);
    return session;
  }

  close(token: string): void {
    this.sessions.delete(token);
  }

  /** The session of a token, unless it was idle for too long or its key was revoked. */
  find(token: string | undefined): Session | undefined {
    const session = token === undefined ? undefined : this.sessions.get(token);
    if (!session) return undefined;
    const now = this.nowMs();
    this.close(session.token);
    if (now - session.usedMs > this.limits.sessionIdleMs) return undefined;
    const principal = this.tenants.authenticate(session.apiKey);
    if (!principal) return undefined;
    this.sessions.set(session.token, { ...session, principal, usedMs: now });
    return { ...session, principal };
  }

  /** Who a request of the page speaks for; undefined when it is none of the page's. */
  principalOf(request: FastifyRequest): Principal | undefined {
    const environment = environmentOf(request);
    if (environment === undefined) return undefined;
    refuseOtherSites(request);
    const session = this.find(tokenOf(request, environment));
    if (!session) throw new ApiError('SESSION_ENDED');
    if (request.method !== 'GET') demandCsrfToken(request, session);
    return session.principal;
  }
}

/** Throws CROSS_SITE_REQUEST unless the request carries the session's own token. */
export function demandCsrfToken(request: FastifyRequest, { csrfToken }: Session): void {
  const given = Buffer.from(String(request.headers[CSRF_HEADER] ?? ''));
  const expected = Buffer.from(csrfToken);
  if (given.length === expected.length && timingSafeEqual(given, expected)) return;
  throw new ApiError('CROSS_SITE_REQUEST');
}
