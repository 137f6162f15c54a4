// Counts passes of a named point and kills the process at the last one.
let passesLeft = Number(process.env['CRASH_AFTER_PASSES'] ?? '1');

/** Ends the process at once, with nothing flushed, when the point was passed often enough. */
export function pass(): void {
  passesLeft -= 1;
  if (passesLeft <= 0) process.kill(process.pid, 'SIGKILL');
}
