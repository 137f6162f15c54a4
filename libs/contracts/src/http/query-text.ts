// Query parameters are texts. These decorators say exactly which texts stand for a number, so that
// 1e2, 0x10, 1.5 and an empty one are refused by name instead of being guessed at.
import { Matches } from 'class-validator';

/** A whole number from `min` to 10 ** `maxExponent`, in plain digits. */
export function IsWholeNumberText(min: 0 | 1, maxExponent: number): PropertyDecorator {
  const zero = min === 0 ? '0|' : '';
  const max = `1${'0'.repeat(maxExponent)}`;
  return Matches(new RegExp(`^(?:${zero}[1-9][0-9]{0,${maxExponent - 1}}|${max})$`), {
    message: `$property must be a whole number from ${min} to ${max}, in digits`,
  });
}

/** A position as replies carry it: a decimal; -1 stands before the first event. */
export function IsPositionText(): PropertyDecorator {
  return Matches(/^(?:-1|0|[1-9][0-9]{0,18})$/, {
    message: '$property must be a position as a reply carried it, in digits',
  });
}

/** A receiptId, also known as proofRoot: `0x` and 64 hex digits. */
export function IsReceiptIdText(): PropertyDecorator {
  return Matches(/^0x[0-9a-f]{64}$/, {
    message: '$property must be a receiptId: 0x and 64 lower-case hex digits',
  });
}

/** An exact decimal with at most 9 fraction digits and 29 before the point. */
export function IsBalanceText(): PropertyDecorator {
  return Matches(/^-?(?:0|[1-9][0-9]{0,28})(?:\.[0-9]{1,9})?$/, {
    message: '$property must be a decimal with at most 9 fraction digits, such as -12.5',
  });
}
