// The client: `new PacSpace({ apiKey, baseUrl })`.
import { Balance } from './balance';
import { today } from './clock';
import type { VerifyReply } from './coming-contracts';
import { readOptions, type PacSpaceOptions } from './options';
import { KeyRing } from './receipts/key-ring';
import { ReceiptChecker } from './receipts/receipt-checker';
import { PUBLIC_KEYS_ROUTE, VERIFY_ROOT_ROUTE } from './routes';
import { SeenPosition } from './seen-position';
import type { CallOptions } from './request';
import { Transport } from './transport';

export class PacSpace {
  readonly balance: Balance;
  private readonly transport: Transport;

  /** Throws PacSpaceError MISSING_API_KEY, INVALID_URL or INVALID_ARGUMENT. Sends nothing. */
  constructor(options: PacSpaceOptions) {
    const settings = readOptions(options);
    this.transport = new Transport(settings);
    this.balance = new Balance({
      transport: this.transport,
      seen: new SeenPosition(settings.readYourWrites),
      today: options.now ?? today,
      receipts: this.receiptChecker(options),
    });
  }

  private receiptChecker(options: PacSpaceOptions): ReceiptChecker | undefined {
    const keys = new KeyRing({
      trusted: options.trustedKeys ?? [],
      pins: options.keyPins,
      loadDocument: () => this.transport.text(PUBLIC_KEYS_ROUTE, { kind: 'public' }),
    });
    return options.verifyReceipts === false ? undefined : new ReceiptChecker(keys);
  }

  /** What the service says in public of a proof root; asked without the key. */
  verify(
    proofRoot: string,
    options: { readonly source?: 'db' | 'chain' | 'both' } & CallOptions = {},
  ): Promise<VerifyReply> {
    const { source, ...call } = options;
    const query = source === undefined ? {} : { source };
    const input = { params: { proofRoot }, query, kind: 'public' } as const;
    return this.transport.call(VERIFY_ROOT_ROUTE, input, call);
  }
}
