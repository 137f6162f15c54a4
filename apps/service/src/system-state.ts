// How this process and what it depends on are, for operators: read from what runs when asked.
import type { HttpParts, Readiness } from '@deltabook/adapters/http';
import type { ReadStore } from '@deltabook/application';
import type { BrokerState, SystemReply, VerificationState } from '@deltabook/contracts';
import type { EventStoreHealth } from './opened-event-store';
import { readinessOf, type ReadinessSources } from './readiness';
import type { VerifierState } from './verifier-worker';

export interface SystemSources {
  readonly eventStore: () => EventStoreHealth;
  readonly readStore: Pick<ReadStore, 'progress'>;
  readonly verifier: { state(): VerifierState } | undefined;
  readonly brokers: string;
  readonly kafka:
    | {
        values(): Readonly<Record<string, number>>;
        warnings(): readonly string[];
      }
    | undefined;
  readonly isDraining: () => boolean;
  readonly auditor: ReadinessSources['auditor'];
}

/** What the doors ask for, at the moment they ask. */
export function systemParts(sources: SystemSources): Pick<HttpParts, 'readiness' | 'systemState'> {
  const { readStore, eventStore, isDraining, kafka, auditor } = sources;
  const readiness = (): Readiness =>
    readinessOf({
      readStore,
      eventStore: eventStore(),
      draining: isDraining(),
      doorWarnings: kafka?.warnings() ?? [],
      auditor,
    });
  return { readiness, systemState: () => systemState(sources, readiness()) };
}

function systemState(sources: SystemSources, readiness: Readiness): SystemReply {
  const { ready, reasons, warnings } = readiness;
  const { place, problem = null } = sources.eventStore();
  const { ready: isBuilt, rebuilding, position, head } = sources.readStore.progress();
  return {
    ready,
    reasons,
    warnings,
    eventStore: { place, problem },
    projection: {
      ready: isBuilt,
      rebuilding,
      position: String(position),
      head: String(head),
      lag: lagOf(position, head),
    },
    verification: verificationOf(sources),
    broker: brokerOf(sources),
  };
}

const lagOf = (position: bigint, head: bigint): number => Math.max(0, Number(head - position));

function verificationOf({ verifier }: SystemSources): VerificationState | null {
  if (!verifier) return null;
  const { position, head, fencedCount, sealedCount, problem } = verifier.state();
  return {
    position: String(position),
    lag: lagOf(position, head),
    fencedCustomers: fencedCount,
    seals: sealedCount,
    problem: problem ?? null,
  };
}

function brokerOf({ brokers, kafka }: SystemSources): BrokerState | null {
  if (!kafka) return null;
  const values = kafka.values();
  return {
    brokers,
    warnings: kafka.warnings(),
    intakeLag: values['deltabook_kafka_lag_messages'] ?? null,
    deadLetters: values['deltabook_kafka_dead_letters_total'] ?? null,
    publishLag: values['deltabook_kafka_publish_lag_events'] ?? null,
  };
}
