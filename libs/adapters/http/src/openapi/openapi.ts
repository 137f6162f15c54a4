// The OpenAPI 3.1 description, made of the contracts and the table of errors: nothing is written
// twice.
import {
  errorEntry,
  schemaOf,
  type ContractClass,
  type ErrorCode,
  type JsonSchema,
  type OperationContract,
} from '@deltabook/contracts';
import { commonErrors } from './common-errors';
import { ERROR_REPLY_SCHEMA } from './error-reply-schema';

const API_VERSION = '1.0.0';

export interface OpenApi {
  readonly openapi: '3.1.0';
  readonly info: object;
  readonly security: readonly object[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly components: object;
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: JsonSchema;
}

/** Collects the schemas of classes that are referred to by name. */
class Components {
  readonly schemas = new Map<string, JsonSchema>([['ErrorReply', ERROR_REPLY_SCHEMA]]);

  /** A reference to the class, whose schema is added where it is not there yet. */
  readonly refer = (contract: ContractClass): JsonSchema => {
    const { name } = contract;
    if (!this.schemas.has(name)) {
      this.schemas.set(name, {});
      this.schemas.set(name, schemaOf(contract, this.refer));
    }
    return { $ref: `#/components/schemas/${name}` };
  };
}

export function openApiOf(contracts: readonly OperationContract[]): OpenApi {
  const components = new Components();
  const paths: Record<string, Record<string, object>> = {};
  for (const contract of contracts) {
    const path = contract.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = {
      ...paths[path],
      [contract.method.toLowerCase()]: operationOf(contract, components),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Deltabook',
      version: API_VERSION,
      summary: 'A self-hosted, verifiable customer balance ledger',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ apiKey: [] }],
    paths,
    components: {
      securitySchemes: { apiKey: { type: 'apiKey', in: 'header', name: 'X-Api-Key' } },
      schemas: Object.fromEntries(components.schemas),
    },
  };
}

function operationOf(contract: OperationContract, components: Components): object {
  const { id, summary, access, body } = contract;
  const parameters = parametersOf(contract);
  return {
    operationId: id,
    summary,
    ...(access === 'public'
      ? { security: [] }
      : { description: `Needs a key with the scope ${access}.` }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: { required: true, content: json(components.refer(body)) } } : {}),
    responses: { ...successOf(contract, components), ...failuresOf(contract) },
  };
}

function parametersOf(contract: OperationContract): readonly Parameter[] {
  const parameters = [...membersOf(contract.params, 'path'), ...membersOf(contract.query, 'query')];
  if (!contract.idempotencyKey) return parameters;
  const schema = { type: 'string', minLength: 1, maxLength: 255 };
  return [...parameters, { name: 'Idempotency-Key', in: 'header', required: false, schema }];
}

function membersOf(
  contract: ContractClass | undefined,
  place: 'path' | 'query',
): readonly Parameter[] {
  if (!contract) return [];
  const { properties, required = [] } = schemaOf(contract) as {
    readonly properties: Readonly<Record<string, JsonSchema>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: withoutNull(schema),
  }));
}

/** A parameter is there or not; null is for bodies. */
function withoutNull(schema: JsonSchema): JsonSchema {
  const { type, enum: values } = schema;
  if (Array.isArray(values)) return { ...schema, enum: values.filter((value) => value !== null) };
  return Array.isArray(type) ? { ...schema, type: type[0] as unknown } : schema;
}

function successOf(
  { successStatus, reply, otherReply, file }: OperationContract,
  { refer }: Components,
): object {
  const schema = {
    type: 'object',
    properties: {
      success: { const: true },
      statusCode: { const: successStatus },
      data: otherReply ? { oneOf: [refer(reply), refer(otherReply.reply)] } : refer(reply),
    },
    required: ['success', 'statusCode', 'data'],
  };
  const asFile = file ? { [file.type]: { schema: { type: 'string' } } } : {};
  const description = file ? `Done; a file with ${file.when}` : 'Done';
  return { [successStatus]: { description, content: { ...json(schema), ...asFile } } };
}

/** One response for each status, which names its codes. */
function failuresOf(contract: OperationContract): Record<string, object> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of new Set([...contract.errors, ...commonErrors(contract)])) {
    const { status } = errorEntry(code);
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const ordered = [...byStatus].sort(([a], [b]) => a - b);
  return Object.fromEntries(
    ordered.map(([status, codes]) => [
      String(status),
      {
        description: codes.map((code) => `${code}: ${errorEntry(code).message}`).join('\n\n'),
        content: json({ $ref: '#/components/schemas/ErrorReply' }),
      },
    ]),
  );
}

function json(schema: JsonSchema): object {
  return { 'application/json': { schema } };
}
