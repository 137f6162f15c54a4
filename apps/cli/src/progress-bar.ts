// How far a long read is, for somebody who waits at a terminal while its result goes elsewhere.
import { Presets, SingleBar } from 'cli-progress';

export interface ProgressBar {
  readonly update: (count: number) => void;
  readonly end: () => void;
}

const NO_BAR: ProgressBar = { update: () => undefined, end: () => undefined };

/** `what` is counted, up to `total`. Nothing is drawn where rows or nobody are on the terminal. */
export function progressBar(total: number, what: string): ProgressBar {
  if (!process.stderr.isTTY || process.stdout.isTTY) return NO_BAR;
  const format = `{bar} {value} of {total} ${what} | {eta_formatted} left`;
  const bar = new SingleBar({ format, stream: process.stderr }, Presets.shades_classic);
  bar.start(total, 0);
  return { update: (count) => bar.update(count), end: () => bar.stop() };
}
