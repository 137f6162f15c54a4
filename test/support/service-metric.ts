// One number of a running service's metrics.
import type { ServiceProcess } from './service-process';

/** Undefined while the service does not say it. */
export async function metricOf(service: ServiceProcess, name: string): Promise<number | undefined> {
  const text = await (await fetch(`${service.baseUrl}/metrics`)).text();
  const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1];
  return value === undefined ? undefined : Number(value);
}
