// Reads a delta's body as POST delta does, for other doors: the composition hands it to them.
import { deltaRequestOf, type DeltaRequest } from '@deltabook/application';
import { EmitDeltaBody } from '@deltabook/contracts';
import type { ApiError } from '../api-error';
import { deltaFormError, deltaProblemError } from './request-error';
import { validatorOf } from './validator';

/** A function that gives the delta of a parsed body, or the sentence that says what is wrong. */
export function deltaBodyReader(): (body: object) => DeltaRequest | string {
  const check = validatorOf(EmitDeltaBody);
  return (body) => {
    const read = readDeltaBody(body, check);
    return 'message' in read ? read.message : read;
  };
}

function readDeltaBody(
  body: object,
  check: ReturnType<typeof validatorOf>,
): DeltaRequest | ApiError {
  const violation = check(body);
  if (violation) return deltaFormError(violation, body);
  const read = deltaRequestOf(body as EmitDeltaBody);
  return read.ok ? read.request : deltaProblemError(read.problem);
}
