// GET /dashboard/system
import { GET_SYSTEM, type SystemReply } from '@deltabook/contracts';
import type { Operation } from '../operation';

export class GetSystemOperation implements Operation {
  readonly contract = GET_SYSTEM;

  constructor(private readonly systemState: () => SystemReply) {}

  handle(): Promise<string> {
    return Promise.resolve(JSON.stringify(this.systemState()));
  }
}
