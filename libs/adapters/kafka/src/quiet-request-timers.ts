// kafkajs 2.2.4 arms a timer with a negative delay after every request, for throttling that is not
// there; newer Node versions warn of each. It is only needed while requests wait or are throttled.
import RequestQueue from 'kafkajs/src/network/requestQueue';

/** Takes the needless timers out of the client; to be called once. */
export function quietRequestTimers(): void {
  const { prototype } = RequestQueue;
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function scheduleWhenNeeded(this: RequestQueue): void {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) schedule.call(this);
  };
}
