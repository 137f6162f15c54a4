// Serves the built dashboard: files whose names carry their hash are kept by browsers for ever, the
// page itself is asked for anew, and it may load nothing from anywhere else.
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Visits } from '../door/visits';

/** Addresses that the page itself resolves. */
const PAGE_PATHS = ['/customers', '/customers/:customerId', '/system'] as const;

/** Styles of components are set in the page; scripts come from files only. */
const POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

const FOR_EVER = 'public, max-age=31536000, immutable';
const ASK_ANEW = 'no-cache';

/** Returns false, and serves nothing, where the folder holds no built page. */
export function registerDashboardPages(
  fastify: FastifyInstance,
  folder: string,
  visits: Visits,
): boolean {
  if (!existsSync(join(folder, 'index.html'))) return false;
  fastify.register((pages, _options, done) => {
    pages.addHook('onRequest', (request, reply, next) => {
      visits.begin('dashboard', request, reply);
      next();
    });
    pages.register(fastifyStatic, {
      root: folder,
      wildcard: false,
      preCompressed: true,
      cacheControl: false,
      setHeaders: (reply, path) => {
        const isHashed = path.includes(`${sep}assets${sep}`);
        reply.headers({ ...HEADERS, 'cache-control': isHashed ? FOR_EVER : ASK_ANEW });
      },
    });
    for (const path of PAGE_PATHS) {
      pages.get(path, (_request: FastifyRequest, reply: FastifyReply) =>
        reply.sendFile('index.html'),
      );
    }
    done();
  });
  return true;
}
