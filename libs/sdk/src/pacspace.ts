// The client: `new PacSpace({ apiKey, baseUrl })`.
import { Balance } from './balance';
import { today } from './clock';
import type { VerifyReply } from './coming-contracts';
import { readOptions, type PacSpaceOptions } from './options';
import { VERIFY_ROOT_ROUTE } from './routes';
import { SeenPosition } from './seen-position';
import type { CallOptions } from './request';
import { Transport } from './transport';

export class PacSpace {
  readonly balance: Balance;
  private readonly transport: Transport;

  /** Throws PacSpaceError MISSING_API_KEY or INVALID_URL. Sends nothing. */
  constructor(options: PacSpaceOptions) {
    const settings = readOptions(options);
    this.transport = new Transport(settings);
    this.balance = new Balance({
      transport: this.transport,
      seen: new SeenPosition(settings.readYourWrites),
      today: options.now ?? today,
    });
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
