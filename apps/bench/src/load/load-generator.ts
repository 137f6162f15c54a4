// The load generator's process: HTTP requests on raw sockets.
import { join } from 'node:path';
import { JobProcess } from './job-process';
import type { LoadJob, LoadResult } from './load-job';

export const GENERATOR_NAME = 'deltabook-load (raw sockets, one Node process)';

export class LoadGenerator extends JobProcess<LoadJob & object, LoadResult> {
  constructor() {
    super('the load generator', join(__dirname, 'generator.process.js'));
  }
}
