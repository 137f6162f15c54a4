// The door of the write path: how much may wait, in items and bytes,
// over all, per tenant and customer. What does not fit is refused at
// once with 429, so that memory is bounded and waiting stays short.

export interface WriteLimits {
  readonly pendingCountMax: number;
  readonly pendingBytesMax: number;
  /** Share of both that one tenant may hold while others exist or may come, 0 … 1. */
  readonly tenantShareMax: number;
}

export type AdmissionRefusal = 'SERVICE_OVERLOADED' | 'TENANT_OVERLOADED' | 'SHUTTING_DOWN';

interface Load {
  count: number;
  byteCount: number;
}

export class Admission {
  private readonly all: Load = { count: 0, byteCount: 0 };
  private readonly tenants = new Map<string, Load>();
  private draining: (() => void) | undefined;

  constructor(private readonly limits: WriteLimits) {}

  get pendingCount(): number {
    return this.all.count;
  }

  get pendingBytes(): number {
    return this.all.byteCount;
  }

  /** Undefined when `count` more commands of `byteCount` bytes may enter, else why not. */
  refusal(tenant: string, count: number, byteCount: number): AdmissionRefusal | undefined {
    if (this.draining) return 'SHUTTING_DOWN';
    const { pendingCountMax, pendingBytesMax, tenantShareMax } = this.limits;
    const more = { count, byteCount };
    if (!fits(this.all, more, { count: pendingCountMax, byteCount: pendingBytesMax })) {
      return 'SERVICE_OVERLOADED';
    }
    const load = this.tenants.get(tenant);
    if (!load) return undefined;
    const share = {
      count: pendingCountMax * tenantShareMax,
      byteCount: pendingBytesMax * tenantShareMax,
    };
    return fits(load, more, share) ? undefined : 'TENANT_OVERLOADED';
  }

  enter(tenant: string, byteCount: number): void {
    let load = this.tenants.get(tenant);
    if (!load) {
      load = { count: 0, byteCount: 0 };
      this.tenants.set(tenant, load);
    }
    load.count += 1;
    load.byteCount += byteCount;
    this.all.count += 1;
    this.all.byteCount += byteCount;
  }

  leave(tenant: string, byteCount: number): void {
    const load = this.tenants.get(tenant);
    if (load) {
      load.count -= 1;
      load.byteCount -= byteCount;
      if (load.count === 0) this.tenants.delete(tenant);
    }
    this.all.count -= 1;
    this.all.byteCount -= byteCount;
    if (this.all.count === 0) this.draining?.();
  }

  /** Refuses whatever comes from now on; resolves when everything accepted has been answered. */
  drain(): Promise<void> {
    return new Promise((resolve) => {
      this.draining = resolve;
      if (this.all.count === 0) resolve();
    });
  }
}

function fits(load: Load, more: Load, most: Load): boolean {
  return load.count + more.count <= most.count && load.byteCount + more.byteCount <= most.byteCount;
}
