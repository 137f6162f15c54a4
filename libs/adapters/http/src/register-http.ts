// Opens the HTTP doors on a Fastify instance: operations, system pages, errors, logs and counters.
import { GET_INVOICE_PROOF } from '@deltabook/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from './api-error';
import { registerDashboardPages } from './dashboard/dashboard-pages';
import { registerSessionRoutes } from './dashboard/session-routes';
import { Sessions } from './dashboard/sessions';
import { ArrivedBodies } from './door/arrived-bodies';
import { Door } from './door/door';
import { noteError, sendError } from './door/replies';
import { RequestMetrics } from './door/request-metrics';
import { TextReplies } from './door/text-replies';
import { Visits } from './door/visits';
import type { HttpDoors, HttpParts } from './http-parts';
import { registerBalanceEvents } from './live/balance-events.route';
import {
  CreateApiKeyOperation,
  GetApiKeyOperation,
  ListApiKeysOperation,
  RevokeApiKeyOperation,
} from './operations/api-keys.operation';
import { CompareBalancesOperation } from './operations/compare-balances.operation';
import { CreateCheckpointOperation } from './operations/create-checkpoint.operation';
import { DeriveBalanceOperation } from './operations/derive-balance.operation';
import { EmitBatchOperation } from './operations/emit-batch.operation';
import { EmitDeltaOperation } from './operations/emit-delta.operation';
import { GetCheckpointOperation } from './operations/get-checkpoint.operation';
import { GetCustomerOperation } from './operations/get-customer.operation';
import { GetDeltaOperation } from './operations/get-delta.operation';
import { GetReceiptOperation } from './operations/get-receipt.operation';
import { ListCheckpointsOperation } from './operations/list-checkpoints.operation';
import { GetTreeNodesOperation } from './operations/get-tree-nodes.operation';
import { GetSystemOperation } from './operations/get-system.operation';
import { ListCustomersOperation } from './operations/list-customers.operation';
import { ListGapsOperation } from './operations/list-gaps.operation';
import { SummarizeCustomersOperation } from './operations/summarize-customers.operation';
import { VerifyRootOperation } from './operations/verify-root.operation';
import { registerOperation, type AnyOperation } from './router';
import { methodsOf } from './system/known-paths';
import { registerSystemPages } from './system/system-pages';

/** Call once, before the instance listens. */
export function registerHttp(fastify: FastifyInstance, parts: HttpParts): HttpDoors {
  const sessions = parts.dashboard && new Sessions(parts.tenants, parts.dashboard, parts.now);
  const door = new Door(parts.tenants, parts.limits, sessions);
  const metrics = new RequestMetrics();
  const operations = operationsOf(parts);
  const { elapsedMs, limits, logger, now } = parts;
  const visits = new Visits(door, { elapsedMs, limits, logger, metrics });
  fastify.decorateRequest('visit', null);
  fastify.removeAllContentTypeParsers();
  const bodies = new ArrivedBodies(limits.bodiesPerTurnMax);
  fastify.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    (_request, body, done) => {
      bodies.add(body as Buffer, done);
    },
  );
  fastify.setErrorHandler((error, request, reply) => {
    answerError(error, request, reply);
  });
  registerUnknownPaths(fastify, operations, visits);
  const router = { visits, now, textReplies: new TextReplies(limits) };
  for (const operation of operations) registerOperation(fastify, operation, router);
  registerSystemPages(fastify, {
    contracts: operations.map(({ contract }) => contract),
    visits,
    requestMetrics: metrics,
    http: parts,
  });
  if (parts.live) registerBalanceEvents(fastify, parts.live, visits);
  if (parts.dashboard && sessions) {
    registerSessionRoutes(fastify, sessions, visits);
    registerDashboardPages(fastify, parts.dashboard.folder, visits);
  }
  return {
    drain: () => {
      parts.live?.feed.close();
      return door.drain();
    },
  };
}

/** Every operation of the API. */
function operationsOf({ commandBus, queryBus, systemState }: HttpParts): readonly AnyOperation[] {
  return [
    new EmitDeltaOperation(commandBus),
    new EmitBatchOperation(commandBus),
    new GetDeltaOperation(queryBus),
    new ListCustomersOperation(queryBus),
    new SummarizeCustomersOperation(queryBus),
    new GetCustomerOperation(queryBus),
    new DeriveBalanceOperation(queryBus),
    new GetTreeNodesOperation(queryBus),
    new ListGapsOperation(queryBus),
    new VerifyRootOperation(queryBus),
    new GetReceiptOperation(queryBus),
    new GetReceiptOperation(queryBus, GET_INVOICE_PROOF),
    new CompareBalancesOperation(queryBus),
    new CreateCheckpointOperation(commandBus),
    new ListCheckpointsOperation(queryBus),
    new GetCheckpointOperation(queryBus),
    new CreateApiKeyOperation(commandBus),
    new ListApiKeysOperation(queryBus),
    new GetApiKeyOperation(queryBus),
    new RevokeApiKeyOperation(commandBus),
    new GetSystemOperation(systemState),
  ];
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  sendError(request, reply, noteError(request, error));
}

/** 404, or 405 with the methods that the path takes. */
function registerUnknownPaths(
  fastify: FastifyInstance,
  operations: readonly AnyOperation[],
  visits: Visits,
): void {
  const contracts = operations.map(({ contract }) => contract);
  fastify.setNotFoundHandler((request, reply) => {
    visits.begin('unknown', request, reply);
    const methods = methodsOf(contracts, request.url);
    if (methods.length === 0) return answerError(new ApiError('NOT_FOUND'), request, reply);
    reply.header('allow', methods.join(', '));
    return answerError(new ApiError('METHOD_NOT_ALLOWED'), request, reply);
  });
}
