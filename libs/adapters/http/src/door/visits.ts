// Begins the visit of each request and sees to its end, however that comes: its place at the door
// is given back, it is counted and, where it should be, logged.
import { errorEntry } from '@deltabook/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { HttpParts } from '../http-parts';
import type { Door } from './door';
import { requestLog, type RequestLog } from './request-log';
import type { RequestMetrics } from './request-metrics';
import type { Visit } from './visit';

/** Stands for a status where the client went away before there was one. */
const CLIENT_GONE = 499;

export interface VisitsParts extends Pick<HttpParts, 'elapsedMs' | 'limits'> {
  readonly logger: Logger;
  readonly metrics: RequestMetrics;
}

export class Visits {
  private readonly log: RequestLog;

  constructor(
    readonly door: Door,
    private readonly parts: VisitsParts,
  ) {
    this.log = requestLog(parts.logger, parts.limits);
  }

  /** `operation` is one of a fixed set: it becomes a label of metrics. */
  begin(operation: string, request: FastifyRequest, reply: FastifyReply): Visit {
    const visit: Visit = {
      operation,
      startedMs: this.parts.elapsedMs(),
      principal: undefined,
      place: undefined,
      code: undefined,
      isStream: false,
      cause: undefined,
    };
    request.visit = visit;
    if (this.door.draining) reply.raw.setHeader('connection', 'close');
    // Not Fastify's onResponse: that is not called for a client that went away.
    reply.raw.on('close', () => {
      this.end(visit, request, reply);
    });
    return visit;
  }

  private end(visit: Visit, request: FastifyRequest, { raw }: FastifyReply): void {
    const { elapsedMs, metrics } = this.parts;
    if (visit.place) this.door.leave(visit.place);
    const tookMs = elapsedMs() - visit.startedMs;
    const answered = raw.headersSent ? raw.statusCode : CLIENT_GONE;
    // A reply that was broken off had begun as a success.
    const status = visit.code === undefined ? answered : errorEntry(visit.code).status;
    metrics.observe(visit.operation, status, tookMs);
    this.log(request, visit, { status, tookMs });
  }
}
