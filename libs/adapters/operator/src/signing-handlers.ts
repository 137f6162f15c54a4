// Operators' commands on the key that signs.
import type { RotationOutcome } from '@deltabook/application';
import type { Json } from '@deltabook/integrity';
import { OperatorRefusal, type OperatorHandlers } from './operator-handler';

export type Rotated = RotationOutcome | { readonly kind: 'no-key-file' };

export interface SigningHandlersParts {
  /** Makes another key and hands signing over to it. */
  readonly rotate: () => Promise<Rotated>;
}

/** `keys.rotate-signing`. */
export function signingHandlers({ rotate }: SigningHandlersParts): OperatorHandlers {
  return {
    'keys.rotate-signing': async (): Promise<Json> => {
      const outcome = await rotate();
      if (outcome.kind !== 'rotated') throw refusalOf(outcome);
      const { index, activatedAt } = outcome;
      return { index, activatedAt };
    },
  };
}

function refusalOf(outcome: Exclude<Rotated, { kind: 'rotated' }>): OperatorRefusal {
  switch (outcome.kind) {
    case 'no-key-file':
      return new OperatorRefusal(
        'NO_SIGNING_KEY_FILE',
        'there is no file of a signing key here; rotate where SIGNING_KEY_FILE is',
      );
    case 'not-active':
      return new OperatorRefusal(
        'SIGNING_KEY_NOT_ACTIVE',
        'the signing key here is not the active one; rotate where the active one is',
      );
    case 'not-stored':
      return new OperatorRefusal(
        'NOT_STORED',
        `the new key could not be activated (${outcome.outcome}); try again`,
      );
  }
}
