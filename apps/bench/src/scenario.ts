// A scenario measures one thing and says which bar it is held to. Each has a file in scenarios/.
import type { BenchOptions } from './bench-options';
import type { Ledger } from './ledger';
import type { LoadGenerator } from './load/load-generator';
import type { ServerProcess } from './targets/server-process';

/** One line of a scenario's table. */
export type Row = Readonly<Record<string, string | number>>;

export interface Measure {
  readonly what: string;
  readonly value: number;
  /** What it has to be; absent where it is only shown. */
  readonly bar?: { readonly atLeast: number } | { readonly atMost: number };
}

export interface ScenarioReport {
  readonly rows: readonly Row[];
  readonly measures: readonly Measure[];
}

/** What scenarios share. */
export interface Bench {
  readonly options: BenchOptions;
  readonly generator: LoadGenerator;
  /** The service with the stored keys; started when it is first asked for. */
  ledger(): Promise<Ledger>;
  /** Bare Fastify that replies with so many bytes; with `stores` it commits what it gets. */
  bare(replyBytes: number, stores: boolean): Promise<ServerProcess>;
  /** Bare Fastify that appends what it gets to the event store of the options. */
  bareOnEventStore(replyBytes: number): Promise<ServerProcess>;
  /** A new, empty folder on the disk that is measured. */
  folder(name: string): string;
  note(line: string): void;
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** Why it cannot run here; undefined when it can. */
  missing?(): string | undefined;
  run(bench: Bench): Promise<ScenarioReport>;
}

/** True when the measure is within its bar, or has none. */
export function meetsBar({ value, bar }: Measure): boolean {
  if (!bar) return true;
  return 'atLeast' in bar ? value >= bar.atLeast : value <= bar.atMost;
}
