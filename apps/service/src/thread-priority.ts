// Threads that follow behind the writes yield the processors to those that answer requests.
import { readlinkSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { basename } from 'node:path';

/** The least priority there is (setpriority(2)). */
const NICENESS_MAX = 19;

/**
 * Raises the niceness of the calling thread by `niceness` (0 … 19). Only Linux gives each thread
 * its own (proc(5), /proc/thread-self); elsewhere the thread keeps the priority of its process.
 */
export function yieldToOtherThreads(niceness: number): void {
  const threadId = ownThreadId();
  if (threadId === undefined || niceness === 0) return;
  setPriority(threadId, Math.min(NICENESS_MAX, getPriority(threadId) + niceness));
}

function ownThreadId(): number | undefined {
  try {
    return Number(basename(readlinkSync('/proc/thread-self')));
  } catch {
    return undefined;
  }
}
