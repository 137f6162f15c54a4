// Hands signing over to another key: the key before vouches for it, so that whoever trusts one of
// them trusts the next, and old signatures stay good.
import { INSTALLATION_STREAM, SIGNING_KEY_ACTIVATED, timeText } from '@deltabook/domain';
import { base64Of, bytesEqual, keyLinkText, utf8 } from '@deltabook/integrity';
import { appendOne, type AppendRetry } from '../access/append-one';
import type { AppendOutcome, EventStore } from '../ports/event-store.port';
import type { LogSigner } from './sign-log-head';
import { readKeys, signingKeyEventText } from './signing-keys';

export type RotationOutcome =
  /** Place of the new key in the chain, from 0. */
  | { readonly kind: 'rotated'; readonly index: number; readonly activatedAt: string }
  /** Another key than `current` is the active one. */
  | { readonly kind: 'not-active' }
  | { readonly kind: 'not-stored'; readonly outcome: AppendOutcome['kind'] };

export interface KeyRotation {
  readonly store: Pick<EventStore, 'append' | 'readStream'>;
  readonly retry: AppendRetry;
  readonly current: LogSigner;
  readonly next: LogSigner;
  /** JSON text that is stored beside the event: who rotated, through which door. */
  readonly metadata: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export async function rotateSigningKey(rotation: KeyRotation): Promise<RotationOutcome> {
  const { store, retry, current, next, metadata, now } = rotation;
  const { chain, revision } = await readKeys(store);
  const active = chain.keys.at(-1);
  if (!active || !bytesEqual(active.publicKey, current.publicKey)) return { kind: 'not-active' };
  const index = chain.keys.length;
  const activatedAt = timeText(now);
  const { installation } = chain;
  const link = { installation, index, activatedAt, previous: current.publicKey };
  const text = utf8(keyLinkText({ ...link, publicKey: next.publicKey }));
  const data = signingKeyEventText({
    publicKey: base64Of(next.publicKey),
    activatedAt,
    signature: base64Of(next.sign(text)),
    previousSignature: base64Of(current.sign(text)),
  });
  const events = [{ type: SIGNING_KEY_ACTIVATED, data, metadata }];
  const append = { stream: INSTALLATION_STREAM, expectedRevision: revision, events };
  const outcome = await appendOne(store, append, retry);
  if (outcome.kind === 'appended') return { kind: 'rotated', index, activatedAt };
  return { kind: 'not-stored', outcome: outcome.kind };
}
