// The fast check of bodies and queries: JSON Schema from the contract classes, compiled at start.
import {
  freeJsonProblem,
  schemaOf,
  type ContractClass,
  type FreeJsonLimits,
  type JsonSchema,
} from '@deltabook/contracts';
import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';

/** What is wrong with a value. */
export interface Violation {
  /** Path of the field from the root, such as `deltas/3/reason`; '' is the root itself. */
  readonly field: string;
  /** Ends a sentence that starts with the field. */
  readonly reason: string;
  /** JSON Schema keyword that was violated. */
  readonly keyword: string;
}

/** Undefined when the value has the form. Nothing is coerced, removed or filled in. */
export type Validator = (value: unknown) => Violation | undefined;

/** Names of the caller's own are repeated up to this length. */
const NAME_LENGTH_MAX = 100;

// Not the 2020 dialect: it notes what it has evaluated at every call, and no rule asks for it.
const ajv = new Ajv({ allowUnionTypes: true, verbose: true, strictRequired: false });
ajv.addKeyword({
  keyword: 'x-freeJson',
  type: 'object',
  compile: (limits: FreeJsonLimits) => (value: unknown) =>
    freeJsonProblem(value, limits) === undefined,
});

export function validatorOf(contract: ContractClass): Validator {
  return compileValidator(schemaOf(contract));
}

export function compileValidator(schema: JsonSchema): Validator {
  const validate: ValidateFunction = ajv.compile(schema);
  return (value) => (validate(value) ? undefined : violationOf(validate.errors?.[0]));
}

function violationOf(error: ErrorObject | undefined): Violation {
  if (!error) return { field: '', reason: 'does not have the expected form', keyword: '' };
  const field = error.instancePath.slice(1);
  const within = (name: string): string => (field === '' ? name : `${field}/${name}`);
  const { keyword } = error;
  if (keyword === 'required') {
    const { missingProperty } = error.params as { missingProperty: string };
    return { field: within(missingProperty), reason: 'is required', keyword };
  }
  if (keyword === 'additionalProperties') {
    const { additionalProperty } = error.params as { additionalProperty: string };
    const name = additionalProperty.slice(0, NAME_LENGTH_MAX).toWellFormed();
    return { field: within(name), reason: `is not known; ${knownMembers(error)}`, keyword };
  }
  return { field, reason: sentenceOf(error), keyword };
}

function knownMembers(error: ErrorObject): string {
  const { properties } = error.parentSchema as { readonly properties?: object };
  const names = Object.keys(properties ?? {});
  return names.length === 0 ? 'nothing is taken here' : `known are ${names.join(', ')}`;
}

function sentenceOf({ parentSchema, message }: ErrorObject): string {
  const { description } = (parentSchema ?? {}) as { readonly description?: string };
  return description ?? message ?? 'does not have the expected form';
}
