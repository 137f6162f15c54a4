import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCsvRecord } from './csv-record';
import { readCsv } from './read-csv';
import { readJsonLines } from './read-jsonl';
import type { SourceRow } from './source-row';

const folder = mkdtempSync(join(tmpdir(), 'deltabook-import-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function aFile(content: string | Buffer): string {
  const file = join(folder, 'rows');
  writeFileSync(file, content);
  return file;
}

async function all(rows: AsyncIterable<SourceRow>): Promise<readonly unknown[]> {
  const read: unknown[] = [];
  for await (const row of rows) {
    read.push('fields' in row ? [row.line, row.fields] : [row.line, row.malformed]);
  }
  return read;
}

const csv = (text: string | Buffer): Promise<readonly unknown[]> =>
  all(readCsv(aFile(text), ',', () => undefined));

describe('a CSV record', () => {
  it.each([
    ['a,b', ['a', 'b']],
    ['', ['']],
    [',', ['', '']],
    ['"a,b","c""d",""', ['a,b', 'c"d', '']],
    ['"two\nlines",x', ['two\nlines', 'x']],
    [' a , b', [' a ', ' b']],
  ])('%j has columns %j', (text, columns) => {
    expect(parseCsvRecord(text, ',')).toEqual({ kind: 'record', columns });
  });

  it.each(['"a', 'x,"a""', '"a,b\nc'])('%j is open', (text) => {
    expect(parseCsvRecord(text, ',')).toEqual({ kind: 'open' });
  });

  it.each([
    ['"a"b,c', 'has text after the closing quotation mark of column 1'],
    ['x,a"b', 'has a quotation mark inside column 2, which is not quoted'],
  ])('%j is malformed', (text, reason) => {
    expect(parseCsvRecord(text, ',')).toEqual({ kind: 'malformed', reason });
  });
});

describe('a CSV file', () => {
  it('gives records with the line they start on, and leaves empty columns out', async () => {
    expect(await csv('\uFEFFa,b\r\n1,"x\r\ny"\r\n\r\n,2\r\n3,\r\n')).toEqual([
      [2, { a: '1', b: 'x\r\ny' }],
      [5, { b: '2' }],
      [6, { a: '3' }],
    ]);
  });

  it('names what is no record and goes on with the next line', async () => {
    expect(await csv('a,b\n1,2,3\n"x"y,2\n5,6\n"open,7\n8,9\n')).toEqual([
      [2, 'has 3 columns, the header has 2'],
      [3, 'has text after the closing quotation mark of column 1'],
      [4, { a: '5', b: '6' }],
      [5, 'has a quotation mark that is never closed'],
      [6, { a: '8', b: '9' }],
    ]);
  });

  it('loses one row to a quotation mark that opens in the middle of a long file', async () => {
    const lines = Array.from({ length: 1_000 }, (_, n) => (n === 400 ? '"x,y' : `${n},y`));
    const rows = await csv(`a,b\n${lines.join('\n')}\n`);
    expect(rows).toHaveLength(1_000);
    expect(rows[400]).toEqual([402, 'has a quotation mark that is never closed']);
    expect(rows[401]).toEqual([403, { a: '401', b: 'y' }]);
  });

  it('keeps characters whole that lie on the border of two pieces', async () => {
    const lines = Array.from({ length: 30_000 }, (_, n) => `é${n},💶`);
    const rows = await csv(`a,b\n${lines.join('\n')}`);
    expect(rows).toHaveLength(30_000);
    expect(rows.at(-1)).toEqual([30_001, { a: 'é29999', b: '💶' }]);
  });

  it.each([
    ['', 'the file has no header line'],
    ['a,b,a\n', 'two columns are named "a"'],
    ['a"b\n', 'the header is no CSV record: a"b'],
    [Buffer.from([0x61, 0x0a, 0xff, 0x0a]), 'the file is not in UTF-8, somewhere after line 0'],
    [`a\n${'x'.repeat(1_100_000)}`, 'line 2 is longer than 1048576 characters'],
  ])('is refused as a whole: %#', async (content, message) => {
    await expect(csv(content)).rejects.toThrow(message);
  });
});

it('a JSON lines file gives objects, and names what is none', async () => {
  const text = '{"a":1,"b":{"c":"\u2028"}}\r\n\n[1]\nnull\n{"a"\n{"a":"2"}';
  expect(await all(readJsonLines(aFile(text)))).toEqual([
    [1, { a: 1, b: { c: '\u2028' } }],
    [3, 'is no JSON object'],
    [4, 'is no JSON object'],
    [5, 'is no JSON object'],
    [6, { a: '2' }],
  ]);
});
