// Numbers for /metrics, read from plain counters when they are asked for: an observation for each
// request would cost a tenth of the requests.
import type { ReadStore } from '@deltabook/application';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { MeteredEventStore } from './metered-event-store';
import type { WritePath } from './write-path';

export interface MetricsSources {
  readonly store: MeteredEventStore;
  readonly readStore: ReadStore;
  readonly writePath: WritePath;
  /** Of the stores, by the name of their metric. */
  readonly figures: () => Readonly<Record<string, number>>;
  readonly verifier: { figures(): Readonly<Record<string, number>> } | undefined;
}

/** Returns the Prometheus text of the moment it is called. */
export function serviceMetrics(sources: MetricsSources): () => Promise<string> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauges = new Map<string, Gauge>();
  const refused = new Gauge({
    name: 'deltabook_writes_refused_total',
    help: 'deltas refused, by code',
    labelNames: ['code'],
    registers: [registry],
  });
  return () => {
    for (const [name, value] of Object.entries(valuesOf(sources))) {
      let gauge = gauges.get(name);
      if (!gauge) {
        gauge = new Gauge({ name, help: name.replaceAll('_', ' '), registers: [registry] });
        gauges.set(name, gauge);
      }
      gauge.set(value);
    }
    for (const [code, count] of sources.writePath.mailboxes.statistics.refused) {
      refused.set({ code }, count);
    }
    return registry.metrics();
  };
}

function valuesOf({
  store,
  readStore,
  writePath,
  figures,
  verifier,
}: MetricsSources): Record<string, number> {
  const { counts } = store;
  const { statistics, cachedCount } = writePath.mailboxes;
  const { position, head, ready } = readStore.progress();
  return {
    deltabook_deltas_emitted_total: statistics.emitted,
    deltabook_deltas_repeated_total: statistics.repeated,
    keyless_writes_total: statistics.keyless,
    deltabook_append_calls_total: counts.appendCalls,
    deltabook_appends_total: counts.appends,
    deltabook_events_appended_total: counts.eventsAppended,
    deltabook_append_conflicts_total: counts.conflicts,
    deltabook_stream_reads_total: counts.streamReads,
    deltabook_stream_events_read_total: counts.streamEventsRead,
    deltabook_writes_pending: writePath.admission.pendingCount,
    deltabook_write_bytes_pending: writePath.admission.pendingBytes,
    deltabook_commit_queue_length: writePath.commitQueue.length,
    deltabook_customers_cached: cachedCount,
    deltabook_keys_unprojected: writePath.recentKeys.size,
    deltabook_projection_lag_positions: Math.max(0, Number(head - position)),
    deltabook_projection_ready: ready ? 1 : 0,
    ...figures(),
    ...verifier?.figures(),
  };
}
