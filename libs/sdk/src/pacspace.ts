// The client: `new PacSpace({ apiKey, baseUrl })`.
import type { SystemReply, VERIFY_ROOT, VerifyReply } from '@deltabook/contracts';
import type { VerifiedReceipt } from '@deltabook/integrity';
import { Balance } from './balance';
import { today } from './clock';
import { readOptions, type PacSpaceOptions } from './options';
import { KeyRing } from './receipts/key-ring';
import { ReceiptChecker } from './receipts/receipt-checker';
import { GET_SYSTEM_ROUTE, PUBLIC_KEYS_ROUTE, VERIFY_ROOT_ROUTE } from './routes';
import { SeenPosition } from './seen-position';
import type { CallOptions } from './request';
import type { QueryOf } from './route';
import { splitOptions } from './split-options';
import { Transport } from './transport';

export class PacSpace {
  readonly balance: Balance;
  private readonly transport: Transport;
  private readonly receipts: ReceiptChecker;

  /** Throws PacSpaceError MISSING_API_KEY, INVALID_URL or INVALID_ARGUMENT. Sends nothing. */
  constructor(options: PacSpaceOptions) {
    const settings = readOptions(options);
    this.transport = new Transport(settings);
    this.receipts = receiptChecker(options, () => this.publicKeys());
    this.balance = new Balance({
      transport: this.transport,
      seen: new SeenPosition(settings.readYourWrites),
      today: options.now ?? today,
      receipts: options.verifyReceipts === false ? undefined : this.receipts,
    });
  }

  /** What the service says in public of a proof root; asked without the key. */
  verify(
    proofRoot: string,
    options: QueryOf<typeof VERIFY_ROOT> & CallOptions = {},
  ): Promise<VerifyReply> {
    const { call, sent: query } = splitOptions(options);
    const input = { params: { proofRoot }, query, kind: 'public' } as const;
    return this.transport.call(VERIFY_ROOT_ROUTE, input, call);
  }

  /** How the service and what it depends on are; needs a key with the scope operate. */
  system(options: CallOptions = {}): Promise<SystemReply> {
    return this.transport.call(GET_SYSTEM_ROUTE, { kind: 'read' }, options);
  }

  /**
   * The document of the service's public keys, as JSON text: what a receipt kept with it is checked
   * against where no service can be asked. Get it once, from somebody you trust.
   */
  publicKeys(options: CallOptions = {}): Promise<string> {
    return this.transport.text(PUBLIC_KEYS_ROUTE, { kind: 'public' }, options);
  }

  /**
   * Checks a receipt file, or the proof of a receipt as JSON text, wherever it came from: in this
   * process, against the public keys. Rejects with ReceiptRefusedError where it proves nothing.
   */
  verifyReceipt(receipt: string): Promise<VerifiedReceipt> {
    return this.receipts.checkText(receipt, {}, '');
  }
}

function receiptChecker(
  options: PacSpaceOptions,
  loadDocument: () => Promise<string>,
): ReceiptChecker {
  const keys = new KeyRing({
    trusted: options.trustedKeys ?? [],
    pins: options.keyPins,
    loadDocument,
  });
  return new ReceiptChecker(keys);
}
