// A customer's history as its user gets it: the receipt of all of it, checked here with the keys
// that the service shows, in one file with those keys.
import type { PacSpace } from '@deltabook/sdk';
import { writeFileSync } from 'node:fs';

export interface Exported {
  readonly file: string;
  readonly reference: string;
  /** Proven deltas in the file. */
  readonly deltas: number;
  /** Recorded ones that are not verified yet, and not in it. */
  readonly notCovered: number;
}

const FORMAT = 'deltabook-export@v1';
const OWNER_ONLY = 0o600;
/** Of the two, the environment has no dash. */
const LOG_ORIGIN = /\/(.*)-([^-]*)$/;

/** Rejects with what the SDK rejects with, or where the file is there already. */
export async function exportThroughApi(
  client: PacSpace,
  { customerId, file }: { readonly customerId: string; readonly file: string },
): Promise<Exported> {
  const { customerReference: reference, totalDeltas } = await client.balance.customer(customerId, {
    deltaLimit: 1,
  });
  const { text, proven } = await client.balance.receiptFile(customerId, { reference });
  if (!proven) throw new Error('the receipt was not checked');
  const [, tenant, environment] = LOG_ORIGIN.exec(proven.logHead.origin) ?? [];
  const bundle = {
    format: FORMAT,
    exportedAt: new Date().toISOString(),
    customer: { tenant, environment, customerId, reference },
    keys: JSON.parse(await client.publicKeys()) as unknown,
    receipt: text,
  };
  write(file, `${JSON.stringify(bundle)}\n`);
  const deltas = proven.deltas.length;
  return { file, reference, deltas, notCovered: Math.max(0, totalDeltas - deltas) };
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: OWNER_ONLY, flag: 'wx' });
  } catch (error) {
    if ((error as { readonly code?: string }).code !== 'EEXIST') throw error;
    throw new Error(`${file} is there; name another`);
  }
}
