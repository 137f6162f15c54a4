// JSON Schema from the class-validator classes: one description of each body, for the fast check at
// the doors and for the OpenAPI. A rule without a schema stops the start instead of being skipped.
import { getMetadataStorage, IS_OPTIONAL } from 'class-validator';
import type { NestedContext } from '../http/nested';
import type { ContractClass } from '../http/operation-contract';
import type { JsonSchema, RuleContext } from '../http/rules';

type PropertyRule = ReturnType<
  ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']
>[number];

/** Schema of a nested class: in place, or a reference to where it is. */
export type SchemaOfNested = (contract: ContractClass) => JsonSchema;

const NESTED = 'nestedValidation';

/** Schemas of class-validator's own rules; `constraints` are the arguments of the decorator. */
const SCHEMA_OF_RULE: Readonly<Record<string, (constraints: readonly unknown[]) => JsonSchema>> = {
  isString: () => ({ type: 'string' }),
  isBoolean: () => ({ type: 'boolean' }),
  isInt: () => ({ type: 'integer' }),
  isNumber: () => ({ type: 'number' }),
  isObject: () => ({ type: 'object' }),
  isArray: () => ({ type: 'array' }),
  isIn: ([values]) => ({ enum: values }),
  matches: ([pattern]) => ({ type: 'string', pattern: (pattern as RegExp).source }),
  arrayMinSize: ([min]) => ({ minItems: min }),
  arrayMaxSize: ([max]) => ({ maxItems: max }),
};

/**
 * Schema (2020-12) of a contract class: an object that takes no members but the declared ones.
 * Optional members also take null, which means the same as absent. Throws on a rule it does not
 * know.
 */
export function schemaOf(contract: ContractClass, ofNested: SchemaOfNested = schemaOf): JsonSchema {
  const storage = getMetadataStorage();
  const rules = storage.getTargetValidationMetadatas(contract, '', false, false);
  const byProperty = storage.groupByPropertyName(rules);
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  for (const [property, propertyRules] of Object.entries(byProperty)) {
    const optional = propertyRules.some(({ name }) => name === IS_OPTIONAL);
    const schema = propertySchema(propertyRules, ofNested);
    properties[property] = optional ? orNull(schema) : schema;
    if (!optional) required.push(property);
  }
  return {
    type: 'object',
    properties,
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  };
}

function propertySchema(rules: readonly PropertyRule[], ofNested: SchemaOfNested): JsonSchema {
  const checks = rules.filter(({ name }) => name !== IS_OPTIONAL);
  const schema = Object.assign({}, ...checks.map(schemaOfRule)) as JsonSchema;
  const sentence = checks.map(sentenceOf).find((text) => text !== undefined);
  const described = sentence === undefined ? schema : { ...schema, description: sentence };
  const nesting = checks.find(({ type }) => type === NESTED);
  if (!nesting) return described;
  const nested = ofNested((nesting.context as NestedContext).nested());
  return nesting.each ? { ...described, items: nested } : nested;
}

function schemaOfRule(rule: PropertyRule): JsonSchema {
  if (rule.type === NESTED) return {};
  const own = (rule.context as RuleContext | undefined)?.schema;
  const schema = own ?? schemaOfBuiltIn(rule);
  return rule.each ? { items: schema } : schema;
}

function schemaOfBuiltIn({ name = '', constraints }: PropertyRule): JsonSchema {
  const schema = SCHEMA_OF_RULE[name]?.((constraints ?? []) as readonly unknown[]);
  if (schema) return schema;
  throw new Error(`rule ${name} has no JSON Schema: add it to schema-of.ts`);
}

/** What the rule demands, as the end of a sentence that starts with the field. */
function sentenceOf({ type, message, context }: PropertyRule): string | undefined {
  const own = (context as RuleContext | undefined)?.sentence;
  if (own !== undefined || type === NESTED) return own;
  return typeof message === 'string' ? message.replace('$property ', '') : undefined;
}

function orNull(schema: JsonSchema): JsonSchema {
  const { type, enum: values } = schema;
  if (Array.isArray(values)) return { ...schema, enum: [...(values as readonly unknown[]), null] };
  if (type === undefined) return { anyOf: [schema, { type: 'null' }] };
  return { ...schema, type: [type, 'null'].flat() };
}
