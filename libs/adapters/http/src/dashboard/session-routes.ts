// POST, GET and DELETE /session: signing in to the dashboard with an API key, and out again.
import { ENVIRONMENTS, type Environment } from '@deltabook/domain';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../api-error';
import { JSON_TYPE } from '../door/replies';
import type { Visits } from '../door/visits';
import { formError } from '../validation/request-error';
import { compileValidator } from '../validation/validator';
import { refuseOtherSites } from './same-origin';
import { environmentOf, setCookieText, tokenOf } from './session-cookies';
import { demandCsrfToken, type Session, type Sessions } from './sessions';

const PATH = '/session';
const BODY_BYTES_MAX = 1_024;
const API_KEY_LENGTH_MAX = 256;
const SIGNED_IN = 201;
const OK = 200;

const checkBody = compileValidator({
  type: 'object',
  properties: { apiKey: { type: 'string', minLength: 1, maxLength: API_KEY_LENGTH_MAX } },
  required: ['apiKey'],
  additionalProperties: false,
});

type Tokens = Partial<Record<Environment, string | undefined>>;

export function registerSessionRoutes(
  fastify: FastifyInstance,
  sessions: Sessions,
  visits: Visits,
): void {
  const route = (
    method: 'GET' | 'POST' | 'DELETE',
    answer: (request: FastifyRequest, reply: FastifyReply) => void,
  ): void => {
    fastify.route({
      method,
      url: PATH,
      bodyLimit: BODY_BYTES_MAX,
      onRequest(request: FastifyRequest, reply: FastifyReply, done: () => void) {
        visits.begin(`${method} ${PATH}`, request, reply);
        refuseOtherSites(request);
        done();
      },
      handler: (request: FastifyRequest, reply: FastifyReply) => answer(request, reply),
    });
  };

  /** The sessions of the browser, as its page gets them. */
  const send = (reply: FastifyReply, status: number, tokens: Tokens): void => {
    const found = Object.values(tokens).flatMap((token) => sessions.find(token) ?? []);
    const data = { sessions: found.map(sessionReply) };
    reply.code(status).headers({ 'cache-control': 'no-store', 'content-type': JSON_TYPE });
    reply.send(JSON.stringify({ success: true, statusCode: status, data }));
  };

  route('GET', (request, reply) => send(reply, OK, tokensOf(request)));

  route('POST', (request, reply) => {
    const violation = checkBody(request.body);
    if (violation) throw formError(violation);
    const { apiKey } = request.body as { readonly apiKey: string };
    const { token, principal } = sessions.open(apiKey);
    const tokens = tokensOf(request);
    // A new token for each sign-in: one that was planted in the browser is worth nothing.
    const former = tokens[principal.environment];
    if (former !== undefined) sessions.close(former);
    reply.header('set-cookie', setCookieText(request, principal.environment, token));
    send(reply, SIGNED_IN, { ...tokens, [principal.environment]: token });
  });

  route('DELETE', (request, reply) => {
    const environment = environmentOf(request);
    const token = environment && tokenOf(request, environment);
    const session = sessions.find(token);
    if (!environment || !session) throw new ApiError('SESSION_ENDED');
    demandCsrfToken(request, session);
    sessions.close(session.token);
    reply.header('set-cookie', setCookieText(request, environment, ''));
    send(reply, OK, { ...tokensOf(request), [environment]: undefined });
  });
}

function tokensOf(request: FastifyRequest): Tokens {
  return Object.fromEntries(ENVIRONMENTS.map((name) => [name, tokenOf(request, name)]));
}

function sessionReply({ principal, csrfToken }: Session): object {
  const { environment, tenant, keyId, scopes } = principal;
  return { environment, tenant, keyId, scopes, csrfToken };
}
