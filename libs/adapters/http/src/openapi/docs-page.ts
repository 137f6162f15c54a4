// The page at /docs: one HTML file made of the contracts at start, without scripts and without
// anything from elsewhere, so that it works where there is no network.
import {
  errorEntry,
  ERRORS,
  schemaOf,
  type ContractClass,
  type ErrorCode,
  type JsonSchema,
  type OperationContract,
} from '@deltabook/contracts';
import { commonErrors } from './common-errors';
import { DOCS_STYLE } from './docs-style';

const CODES = Object.keys(ERRORS) as readonly ErrorCode[];

export function docsPage(contracts: readonly OperationContract[]): string {
  const links = contracts.map(
    ({ id, method, path }) => `<li><a href="#${id}"><b>${method}</b> ${escaped(path)}</a></li>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Deltabook API</title>
<style>${DOCS_STYLE}</style>
</head>
<body>
<nav aria-label="Operations"><h1>Deltabook API</h1><ul>${links.join('')}
<li><a href="#errors">Errors</a></li><li><a href="/openapi.json">openapi.json</a></li></ul></nav>
<main>
<section id="start"><h2>Calling it</h2>
<p>Every operation takes the header <code>X-Api-Key</code>. A reply is
<code>{"success": true, "statusCode": …, "data": …}</code>, a failure
<code>{"success": false, "statusCode": …, "error": {"code": …}}</code>. Amounts are JSON numbers
beside exact decimal strings; times are RFC 3339 in UTC. A write with an
<code>Idempotency-Key</code> counts once, however often it is sent.</p>
<pre>curl -X POST http://127.0.0.1:3000/api/v1/balance/delta \\
  -H "X-Api-Key: YOUR_API_KEY" -H "Content-Type: application/json" \\
  -d '{"customerId": "cust_001", "delta": 500, "reason": "initial_deposit"}'</pre></section>
${contracts.map(operationSection).join('\n')}
<section id="errors"><h2>Errors</h2>${errorsTable()}</section>
</main>
</body>
</html>
`;
}

function operationSection(contract: OperationContract): string {
  const { id, method, path, summary, access, successStatus, file, otherReply } = contract;
  const asFile = file ? `<p>With <code>${file.when}</code> a file instead: ${file.type}.</p>` : '';
  return `<section id="${id}"><h2><span class="method">${method}</span> ${escaped(path)}</h2>
<p>${escaped(summary)}. ${access === 'public' ? 'No key.' : `Scope <code>${access}</code>.`}</p>
${fieldsTable('Path', contract.params)}${fieldsTable('Query', contract.query)}
${fieldsTable('Body', contract.body)}${fieldsTable(`Reply ${successStatus}, data`, contract.reply)}
${otherReply ? fieldsTable(`Reply ${otherReply.when}`, otherReply.reply) : ''}
${asFile}<p>Errors: ${codesOf(contract)}</p></section>`;
}

function codesOf(contract: OperationContract): string {
  const codes = [...new Set([...contract.errors, ...commonErrors(contract)])];
  return codes.map((code) => `<a href="#${code}"><code>${code}</code></a>`).join(' ');
}

function fieldsTable(title: string, contract: ContractClass | undefined): string {
  if (!contract) return '';
  return `<h3>${title}</h3><table><thead><tr><th>field</th><th>form</th></tr></thead>
<tbody>${fieldRows(schemaOf(contract), '')}</tbody></table>`;
}

/** Rows of an object's fields, those of nested objects behind the path of their parent. */
function fieldRows(schema: JsonSchema, path: string): string {
  const { properties, required = [] } = schema as {
    readonly properties: Readonly<Record<string, JsonSchema>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties)
    .map(([name, field]) => {
      const optional = required.includes(name) ? '' : ' <i>optional</i>';
      const cells = `<td><code>${path}${name}</code></td><td>${formOf(field)}${optional}</td>`;
      return `<tr>${cells}</tr>${nestedRows(field, `${path}${name}`)}`;
    })
    .join('');
}

function nestedRows(field: JsonSchema, path: string): string {
  const items = field['items'] as JsonSchema | undefined;
  if (items?.['properties']) return fieldRows(items, `${path}[].`);
  return field['properties'] ? fieldRows(field, `${path}.`) : '';
}

function formOf({ type, enum: values, description }: JsonSchema): string {
  const types = [type].flat().filter((name) => name !== undefined && name !== 'null');
  const choice = Array.isArray(values)
    ? values.filter((value) => value !== null).join(' · ')
    : types.join(' or ');
  return escaped(typeof description === 'string' ? `${choice}: ${description}` : choice);
}

function errorsTable(): string {
  const rows = CODES.map((code) => {
    const { status, message, remedy } = errorEntry(code);
    return `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td>
<td>${escaped(message)} ${escaped(remedy)}</td></tr>`;
  });
  return `<table>
<thead><tr><th>code</th><th>status</th><th>meaning, and what to do</th></tr></thead>
<tbody>${rows.join('')}</tbody></table>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
