// The reference of errors: generated from their table, checked in, and here found stale when it is.
import { ERRORS, errorEntry, type ErrorCode } from '@deltabook/contracts';
import { expectGolden } from '../support/golden';

/** Text that Markdown shows as it is. */
const plain = (text: string): string => text.replaceAll(/[<_]/g, '\\$&');

function errorsPage(): string {
  const codes = (Object.keys(ERRORS) as ErrorCode[]).sort(
    (a, b) => errorEntry(a).status - errorEntry(b).status || a.localeCompare(b),
  );
  const rows = codes.map((code) => {
    const { status, message, remedy, retryAfterSeconds } = errorEntry(code);
    const retry = retryAfterSeconds === undefined ? '' : `${retryAfterSeconds} s`;
    return `| ${status} | \`${code}\` | ${message} | ${plain(remedy)} | ${retry} |`;
  });
  return `# Errors

Every failed request gets \`{"success": false, "statusCode": …, "error": {"code", "message",
"remedy", "requestId", …}}\`; \`field\` and \`reason\` name what was wrong where that is one field.
Codes do not change; messages may. This page is made from the table in
\`libs/contracts/src/errors.ts\` (\`npm run golden\`).

| status | code | what was wrong | what to do | Retry-After |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}

it('names every error', () => {
  expectGolden('docs/reference/errors.md', errorsPage());
});
