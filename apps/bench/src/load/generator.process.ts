// The load generator as a process of its own, so that its CPU time is told apart from the servers'.
import type { LoadJob } from './load-job';
import { JobRun } from './run-job';

process.on('message', (job: LoadJob) => {
  void new JobRun(job).run().then((result) => process.send?.(result));
});
