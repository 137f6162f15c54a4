// Requests with cookies are taken from the service's own pages only.
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../api-error';

/** `none`: the address bar. Absent: a browser without the header, or none at all. */
const OWN_SITE: ReadonlySet<string | undefined> = new Set(['same-origin', 'none', undefined]);

/** Throws CROSS_SITE_REQUEST for what a page of another origin sent. */
export function refuseOtherSites({ headers }: FastifyRequest): void {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  const isOwnSite = OWN_SITE.has(Array.isArray(site) ? site.join() : site);
  const isOwnOrigin = origin === undefined || hostOf(origin) === host;
  if (!isOwnSite || !isOwnOrigin) throw new ApiError('CROSS_SITE_REQUEST');
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}
