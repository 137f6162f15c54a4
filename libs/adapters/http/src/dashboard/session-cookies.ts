// The cookie of a session: one for each environment, so that a browser can be signed in to both.
import { ENVIRONMENTS, type Environment } from '@deltabook/domain';
import type { FastifyRequest } from 'fastify';

const NAME_PREFIX = 'deltabook_session_';
const TOKEN = /^[0-9a-f]{64}$/;
/** Header that says whose session a request of the page means. */
export const ENVIRONMENT_HEADER = 'x-environment';

/** The environment that the request names, if it names one. */
export function environmentOf(request: FastifyRequest): Environment | undefined {
  const named = request.headers[ENVIRONMENT_HEADER];
  return ENVIRONMENTS.find((environment) => environment === named);
}

/** The token that the browser holds for an environment. */
export function tokenOf(request: FastifyRequest, environment: Environment): string | undefined {
  const name = `${NAME_PREFIX}${environment}=`;
  const cookie = (request.headers.cookie ?? '')
    .split(';')
    .map((text) => text.trim())
    .find((text) => text.startsWith(name));
  const token = cookie?.slice(name.length) ?? '';
  return TOKEN.test(token) ? token : undefined;
}

/** Set-Cookie that hands out a token, or with an empty one takes it back. */
export function setCookieText(
  request: FastifyRequest,
  environment: Environment,
  token: string,
): string {
  const attributes = ['HttpOnly', 'SameSite=Strict', 'Path=/'];
  if (token === '') attributes.push('Max-Age=0');
  // Behind a proxy that ends TLS the cookie must not travel without it.
  if (isSecure(request)) attributes.push('Secure');
  return `${NAME_PREFIX}${environment}=${token}; ${attributes.join('; ')}`;
}

function isSecure(request: FastifyRequest): boolean {
  return request.protocol === 'https' || request.headers['x-forwarded-proto'] === 'https';
}
