// Members that are contract classes themselves: checked, transformed and described by their own
// rules.
import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import type { ContractClass } from './operation-contract';

/** What a nested rule tells the schema generator, as `context` of its class-validator metadata. */
export interface NestedContext {
  readonly nested: () => ContractClass;
}

/** A member of another contract class, which is given late so that files may come in any order. */
export function Nested(nested: () => ContractClass): PropertyDecorator {
  return nestedRule(nested, false);
}

/** An array of another contract class; stands beside IsArray(). */
export function NestedEach(nested: () => ContractClass): PropertyDecorator {
  return nestedRule(nested, true);
}

function nestedRule(nested: () => ContractClass, each: boolean): PropertyDecorator {
  const context: NestedContext = { nested };
  const validate = ValidateNested({ each, context });
  const transform = Type(nested);
  return (target, property) => {
    validate(target, property);
    transform(target, property);
  };
}
