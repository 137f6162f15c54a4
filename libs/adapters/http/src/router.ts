// Registers operations straight on Fastify: one route each, its form checks compiled at start, and
// no interceptors, pipes or guards of a framework between a request and its handler.
import { BODY_BYTES_MAX, isIdempotencyKey, type OperationContract } from '@deltabook/contracts';
import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  HookHandlerDoneFunction,
} from 'fastify';
import { ApiError } from './api-error';
import { sendData } from './door/replies';
import { correlationIdOf } from './door/request-ids';
import type { TextReplies } from './door/text-replies';
import type { Visits } from './door/visits';
import type { Call, Operation } from './operation';
import { formError } from './validation/request-error';
import { compileValidator, validatorOf, type Validator } from './validation/validator';

/** An operation of whatever types; its own checks make sure that it gets what it declares. */
export type AnyOperation = Operation<never, never, never>;

export interface RouterParts {
  readonly visits: Visits;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly textReplies: TextReplies;
}

interface Checks {
  readonly body: Validator | undefined;
  readonly query: Validator;
}

const NO_QUERY = compileValidator({ type: 'object', properties: {}, additionalProperties: false });

export function registerOperation(
  fastify: FastifyInstance,
  operation: AnyOperation,
  parts: RouterParts,
): void {
  const { contract } = operation;
  const { visits, now, textReplies } = parts;
  const checks = checksOf(operation);
  fastify.route({
    method: contract.method,
    url: contract.path,
    bodyLimit: contract.bodyBytesMax ?? BODY_BYTES_MAX,
    onRequest(request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction) {
      const visit = visits.begin(contract.id, request, reply);
      visits.door.enter(contract, request, visit);
      done();
    },
    handler(request: FastifyRequest, reply: FastifyReply) {
      checkForm(operation, checks, request);
      const call = callOf(contract, request, now());
      const status = contract.successStatus;
      operation
        .handle(call as Call<never, never, never>)
        .then((answer) =>
          typeof answer === 'string'
            ? sendData(request, reply, { status, dataText: answer })
            : textReplies.send(request, reply, { status, text: answer }),
        )
        .catch((error: unknown) => {
          // A reply that has begun is broken off, so that the client sees that it is not whole.
          if (reply.raw.headersSent) reply.raw.destroy();
          else reply.send(error);
        });
    },
  });
}

function checksOf({ contract, checkBody }: AnyOperation): Checks {
  return {
    body: checkBody ?? (contract.body && validatorOf(contract.body)),
    query: contract.query ? validatorOf(contract.query) : NO_QUERY,
  };
}

/** Throws an ApiError that names the field. */
function checkForm(operation: AnyOperation, checks: Checks, request: FastifyRequest): void {
  const queryViolation = checks.query(request.query);
  if (queryViolation) throw formError(queryViolation);
  if (!checks.body) return;
  const violation = checks.body(request.body);
  if (!violation) return;
  throw operation.bodyError?.(violation, request.body) ?? formError(violation);
}

function callOf(contract: OperationContract, request: FastifyRequest, now: number): Call {
  const { visit, headers } = request;
  if (!visit?.principal) throw new Error(`${contract.id} was reached without a principal`);
  return {
    principal: visit.principal,
    body: request.body,
    query: request.query,
    params: request.params,
    idempotencyKey: contract.idempotencyKey ? idempotencyKeyOf(request) : undefined,
    correlationId: correlationIdOf(headers, request.id),
    now,
  };
}

function idempotencyKeyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined || isIdempotencyKey(key)) return key;
  throw new ApiError('INVALID_IDEMPOTENCY_KEY', { field: 'Idempotency-Key' });
}
