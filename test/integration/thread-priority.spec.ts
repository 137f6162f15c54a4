// Which threads of the running service yield to the others, as Linux lists them (proc(5)).
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { aDataDir, startService } from '../support/service-process';
import { until } from '../support/until';

/** Fields of /proc/PID/task/TID/stat after the name: `nice` is the 19th of all. */
const NICE_FIELD = 16;

const onLinux = existsSync('/proc/thread-self') ? describe : describe.skip;

function nicenessOfThreads(processId: number): number[] {
  const folder = `/proc/${processId}/task`;
  return readdirSync(folder).map((threadId) => {
    const stat = readFileSync(`${folder}/${threadId}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[NICE_FIELD]);
  });
}

onLinux('thread priorities (needs /proc of Linux)', () => {
  it('lets the verifier and the audit yield', async () => {
    const service = await startService(aDataDir(), { BACKGROUND_NICENESS: '3' });
    const { pid = 0 } = service.process;
    const own = Math.min(...nicenessOfThreads(pid));
    const yielding = await until(
      () => Promise.resolve(nicenessOfThreads(pid).filter((niceness) => niceness > own)),
      (found) => found.length >= 2,
    );
    expect(yielding).toEqual([Math.min(19, own + 3), Math.min(19, own + 3)]);
    await service.stop('SIGTERM');
  });
});
