// Sends to a topic, or reads it with the client alone, as a process of its own.
import { sendDeltas } from './send-deltas';
import { readAlone } from './read-alone';
import type { TopicJob, TopicResult } from './topic-job';

process.on('message', (job: TopicJob) => {
  const run = async (): Promise<TopicResult> => {
    const cpu = process.cpuUsage();
    const done = job.kind === 'send' ? await sendDeltas(job) : await readAlone(job);
    const { user, system } = process.cpuUsage(cpu);
    return { ...done, cpuSeconds: (user + system) / 1_000_000 };
  };
  void run().then((result) => process.send?.(result));
});
