// The installation's public keys as anyone may read them, without a key and naming no tenant.
import { isName } from '@deltabook/domain';
import {
  keysJson,
  noteVerifierKeys,
  noteVerifierKeyText,
  type KeyChain,
  type Sha256,
} from '@deltabook/integrity';
import type { EventStore } from '../ports/event-store.port';
import { readKeyChain } from './signing-keys';

/** What follows the installation's name: `<tenant>-<environment>`. */
const LOG_NAME = /^(.+)-(?:sandbox|production)$/;

export class PublicKeys {
  constructor(
    private readonly store: Pick<EventStore, 'readStream'>,
    private readonly sha256: Sha256,
  ) {}

  /** The keys document of integrity, as JSON text. */
  async document(): Promise<string> {
    return JSON.stringify(keysJson(await this.chain()));
  }

  /**
   * Note verifier keys for the log of that origin, one a line, the newest last; undefined when it
   * is none of this installation. Whether its tenant exists is not told.
   */
  async noteKeys(origin: string): Promise<string | undefined> {
    const { installation, keys } = await this.chain();
    const start = `${installation}/`;
    const [, tenant] = LOG_NAME.exec(origin.slice(start.length)) ?? [];
    if (!origin.startsWith(start) || tenant === undefined || !isName(tenant)) return undefined;
    const publicKeys = keys.map(({ publicKey }) => publicKey);
    const lines = noteVerifierKeys(origin, publicKeys, this.sha256).map(noteVerifierKeyText);
    return lines.map((line) => `${line}\n`).join('');
  }

  private chain(): Promise<KeyChain> {
    return readKeyChain(this.store);
  }
}
