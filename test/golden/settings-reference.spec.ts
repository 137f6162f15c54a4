// docs/reference/settings.md says what the table of settings says.
import { SETTINGS } from '../../apps/service/src/settings';
import { expectGolden } from '../support/golden';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
const code = (text: string): string =>
  text === '' ? '' : `\`${text.replaceAll('|', '\\|')}\``;

it('the reference of settings is fresh', () => {
  const rows = Object.entries(SETTINGS).map(([name, { fallback, form, meaning }]) => {
    const [, pattern] = /^text like (.*)$/.exec(form) ?? [];
    const shown = pattern === undefined ? form : code(pattern.replace(/^\^\.\+\$$/, ''));
    const cells = [code(name), code(String(fallback)), shown || 'text', cell(meaning)];
    return `| ${cells.join(' | ')} |`;
  });
  const page = [
    '# Settings',
    '',
    'Environment variables of the service. An empty one counts as not given; a wrong one stops',
    'the start with one line that names it. Generated from `apps/service/src/settings.ts`.',
    '',
    '| name | default | form | meaning |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ];
  expectGolden('docs/reference/settings.md', page.join('\n'));
});
