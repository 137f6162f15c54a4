// Members that are contract classes themselves: checked and described by their own rules.
import { ValidateNested } from 'class-validator';
import type { ContractClass } from './operation-contract';

/** What a nested rule tells the schema generator, as `context` of its class-validator metadata. */
export interface NestedContext {
  readonly nested: () => ContractClass;
}

/** A member of another contract class, which is given late so that files may come in any order. */
export function Nested(nested: () => ContractClass): PropertyDecorator {
  return ValidateNested({ context: { nested } satisfies NestedContext });
}

/** An array of another contract class; stands beside IsArray(). */
export function NestedEach(nested: () => ContractClass): PropertyDecorator {
  return ValidateNested({ each: true, context: { nested } satisfies NestedContext });
}
