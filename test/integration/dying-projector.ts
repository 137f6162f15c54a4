// A projector's thread that kills the process when everything of a transaction is written but the
// commit.
import { openLogFollower, type LogHandle } from '@deltabook/adapters/embedded';
import { runProjector } from '@deltabook/adapters/sqlite';
import { workerData } from 'node:worker_threads';

interface Source {
  readonly handle: LogHandle;
  readonly commits: number;
}

const { logSource } = workerData as { readonly logSource: Source };
let left = logSource.commits;

runProjector({
  openLog: (source) => openLogFollower((source as Source).handle),
  beforeCommit: () => {
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  },
});
