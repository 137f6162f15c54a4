// What a person sees of long work: a bar where stderr is a terminal, else a line now and then.
import { Presets, SingleBar } from 'cli-progress';
import type { Json } from '@deltabook/integrity';
import type { Terminal } from './terminal';

/** Pause between two plain lines. */
const LINE_MS = 5_000;
const ALL_PERCENT = 100;

export interface ProgressDisplay {
  /** Takes what a handler reports: {share} from 0 to 1, and perhaps {what}. */
  readonly onProgress: (progress: Json) => void;
  readonly end: () => void;
}

export function progressDisplay(terminal: Terminal, verb: string): ProgressDisplay {
  return process.stderr.isTTY ? barDisplay(verb) : lineDisplay(terminal, verb);
}

function barDisplay(verb: string): ProgressDisplay {
  const format = `${verb} {bar} {percentage}% | {eta_formatted} left`;
  const bar = new SingleBar({ format, stream: process.stderr }, Presets.shades_classic);
  bar.start(ALL_PERCENT, 0);
  return {
    onProgress: (progress) => bar.update(shareOf(progress) * ALL_PERCENT),
    end: () => bar.stop(),
  };
}

function lineDisplay(terminal: Terminal, verb: string): ProgressDisplay {
  let next = performance.now() + LINE_MS;
  return {
    onProgress: (progress) => {
      if (performance.now() < next) return;
      next = performance.now() + LINE_MS;
      terminal.note(`${verb}: ${Math.floor(shareOf(progress) * ALL_PERCENT)}%`);
    },
    end: () => undefined,
  };
}

function shareOf(progress: Json): number {
  const { share } = progress as { readonly share?: unknown };
  return typeof share === 'number' ? share : 0;
}
