// Which key signs in this process: the one that the log says is active, or none.
import { Ed25519Signer, NextKeyFile, signingFiles } from '@deltabook/adapters/node-crypto';
import type { Rotated } from '@deltabook/adapters/operator';
import {
  ensureSigningKey,
  rotateSigningKey,
  type AppendRetry,
  type EventStore,
  type ReadStore,
  type RecordedEvent,
} from '@deltabook/application';
import { parseInstallationEvent, SIGNING_KEY_ACTIVATED } from '@deltabook/domain';
import { base64Of } from '@deltabook/integrity';
import type { Logger } from 'pino';
import type { Settings } from './settings';
import type { VerifierWorker } from './verifier-worker';

const NOT_ACTIVE = 'the signing key is not the activated one: this process verifies and seals only';

export interface SigningParts {
  readonly settings: Pick<Settings, 'DATA_DIR' | 'SIGNING_KEY' | 'SIGNING_KEY_FILE'>;
  readonly logger: Logger;
  readonly store: Pick<EventStore, 'append' | 'readStream'>;
  readonly retry: AppendRetry;
}

export class SigningControl {
  private verifier: Pick<VerifierWorker, 'signWith'> | undefined;
  /** Public keys in base64 that this process is handing over to. */
  private readonly expected = new Set<string>();

  private constructor(
    private readonly parts: SigningParts,
    private readonly nextKey: NextKeyFile,
    private signer: Ed25519Signer,
    private isActive: boolean,
  ) {}

  /**
   * Reads or makes the key, activates the first one, and finishes a rotation that a crash
   * interrupted. Throws SigningKeyError, whose message is one line for the user.
   */
  static async open(parts: SigningParts): Promise<SigningControl> {
    const { settings, logger, store, retry } = parts;
    const { keyFile } = signingFiles(settings.DATA_DIR, settings.SIGNING_KEY_FILE);
    const nextKey = new NextKeyFile(keyFile);
    const signer =
      settings.SIGNING_KEY === ''
        ? Ed25519Signer.ofFile(keyFile)
        : Ed25519Signer.ofPem(settings.SIGNING_KEY, 'SIGNING_KEY');
    const isActive = (one: Ed25519Signer): Promise<boolean> =>
      ensureSigningKey({ store, retry, signer: one, now: Date.now() });
    if (await isActive(signer)) return new SigningControl(parts, nextKey, signer, true);
    const next = nextKey.read();
    if (next && (await isActive(next))) {
      nextKey.takeOver();
      return new SigningControl(parts, nextKey, next, true);
    }
    logger.error(NOT_ACTIVE);
    return new SigningControl(parts, nextKey, signer, false);
  }

  /** Private key in PEM; undefined when this process must not sign. */
  get pem(): string | undefined {
    return this.isActive ? this.signer.pem : undefined;
  }

  /** Tells the verifier from now on, also when another process hands signing over. */
  follow(verifier: Pick<VerifierWorker, 'signWith'>, readStore: ReadStore): void {
    this.verifier = verifier;
    readStore.onDirectoryEvents((events) => this.take(events));
  }

  /** Makes another key and hands signing over to it; nothing is signed meanwhile. */
  async rotate(metadata: string): Promise<Rotated> {
    const { settings, store, retry } = this.parts;
    if (settings.SIGNING_KEY !== '') return { kind: 'no-key-file' };
    await this.verifier?.signWith(undefined);
    try {
      const next = this.nextKey.make();
      this.expected.add(base64Of(next.publicKey));
      const rotation = { store, retry, current: this.signer, next, metadata, now: Date.now() };
      const outcome = await rotateSigningKey(rotation);
      if (outcome.kind === 'rotated') {
        this.nextKey.takeOver();
        this.signer = next;
      }
      return outcome;
    } finally {
      await this.verifier?.signWith(this.pem);
    }
  }

  private take(events: readonly RecordedEvent[]): void {
    for (const { type, data } of events) {
      if (type !== SIGNING_KEY_ACTIVATED) continue;
      const event = parseInstallationEvent(type, data);
      if (event.type === SIGNING_KEY_ACTIVATED) this.activated(event.publicKey);
    }
  }

  private activated(publicKey: string): void {
    if (publicKey === base64Of(this.signer.publicKey) || this.expected.has(publicKey)) return;
    if (!this.isActive) return;
    this.isActive = false;
    this.parts.logger.error(NOT_ACTIVE);
    void this.verifier?.signWith(undefined);
  }
}
