// Emits deltas to a running service and reads receipts of them, as a customer would who trusts
// only its public key.
import {
  parseReceiptJson,
  receiptFileText,
  verifyReceipt,
  verifyReceiptFile,
  type NoteVerifierKey,
  type VerifiedReceipt,
} from '@deltabook/integrity';
import { noteKeys, verifierCrypto } from './note-keys';
import { API_KEY, type Reply, type ServiceProcess } from './service-process';
import { until } from './until';

const BALANCE = '/api/v1/balance';

export interface Emitted {
  readonly recordId: string;
  readonly receiptId: string;
  readonly recordedAt: string;
  readonly position: string;
}

export interface ReceiptData {
  readonly deltasCount: number;
  readonly startingBalanceDecimal: string;
  readonly netChangeDecimal: string;
  readonly finalBalanceDecimal: string;
  readonly proofRoot: string | null;
  readonly complete: boolean;
  readonly deltasNotCovered: number;
  readonly deltas: readonly { readonly sequenceNumber: number; readonly reason: string }[];
  readonly verification: { readonly itemHashes: readonly string[] };
  readonly proof: unknown;
}

export class ReceiptReader {
  private emittedCount = 0;

  private constructor(
    private readonly service: ServiceProcess,
    readonly keys: readonly NoteVerifierKey[],
    private readonly customerId: string,
  ) {}

  static async of(service: ServiceProcess, customerId: string): Promise<ReceiptReader> {
    return new ReceiptReader(service, await noteKeys(service), customerId);
  }

  async emit(delta: number): Promise<Emitted> {
    this.emittedCount += 1;
    const n = this.emittedCount;
    const { customerId } = this;
    const body = { customerId, delta, reason: `reason ${n}`, referenceId: `inv-${n}` };
    const reply = await this.service.post(`${BALANCE}/delta`, body);
    return reply.body.data;
  }

  /** Waits until a receipt of everything holds everything. */
  async allVerified(): Promise<void> {
    await until(
      () => this.receipt(''),
      ({ body }) => (body.data as ReceiptData | undefined)?.deltasCount === this.emittedCount,
    );
  }

  /** `query` begins with a question mark where there is one. */
  receipt(query: string, customerId = this.customerId): Promise<Reply> {
    return this.service.get(`${BALANCE}/receipt/${customerId}${query}`);
  }

  async data(query: string): Promise<ReceiptData> {
    const reply = await this.receipt(query);
    if (reply.status !== 200) throw new Error(JSON.stringify(reply.body));
    return reply.body.data;
  }

  async file(query: string): Promise<{ text: string; headers: Headers }> {
    const path = `${BALANCE}/receipt/${this.customerId}${query || '?'}&format=tlog-proof`;
    const headers = { 'X-Api-Key': API_KEY };
    const reply = await fetch(`${this.service.baseUrl}${path}`, { headers });
    return { text: await reply.text(), headers: reply.headers };
  }

  /** Verifies the JSON and the file, which must say the same. */
  async verified(query: string): Promise<VerifiedReceipt & { data: ReceiptData }> {
    const data = await this.data(query);
    const parsed = parseReceiptJson(data.proof);
    if (!parsed.ok) throw new Error(parsed.problem);
    const verdict = verifyReceipt(parsed.value, this.keys, verifierCrypto);
    if (!verdict.ok) throw new Error(`${verdict.reason}: ${verdict.problem}`);
    const { text } = await this.file(query);
    expect(text).toBe(receiptFileText(parsed.value));
    expect(verifyReceiptFile(text, this.keys, verifierCrypto)).toEqual(verdict);
    return { ...verdict, data };
  }
}
