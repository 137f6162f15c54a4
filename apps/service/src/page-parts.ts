// What the doors need for the page at `/`: where it is built, its sessions, and the live events.
import type { DashboardParts, HttpParts } from '@deltabook/adapters/http';
import { LiveFeed, type LiveFeedSources } from '@deltabook/application';
import { join } from 'node:path';
import type { Settings } from './settings';

/** Beside the compiled service. */
const BUILT_PAGE = join(__dirname, '../../../dashboard');
const EVENTS_READ_AT_ONCE = 500;

export function pageParts(
  settings: Settings,
  sources: LiveFeedSources,
): Required<Pick<HttpParts, 'live' | 'dashboard'>> {
  const feed = new LiveFeed(sources, {
    subscribersMax: settings.EVENT_SUBSCRIBERS_MAX,
    bufferedMax: settings.EVENTS_BUFFERED_MAX,
    ownersMax: settings.CUSTOMERS_CACHED_MAX,
    batchCountMax: EVENTS_READ_AT_ONCE,
    projectionWaitMs: settings.EVENTS_HEARTBEAT_MS,
  });
  const dashboard: DashboardParts = {
    folder: BUILT_PAGE,
    sessionsMax: settings.SESSIONS_MAX,
    sessionIdleMs: settings.SESSION_IDLE_MS,
  };
  return { live: { feed, heartbeatMs: settings.EVENTS_HEARTBEAT_MS }, dashboard };
}
