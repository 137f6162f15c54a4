// What a rebuild is held against: reading the whole log in order and parsing each event, no more.
import { DatabaseSync } from '@photostructure/sqlite';

const [, , file = ''] = process.argv;
const database = new DatabaseSync(file, { readOnly: true });
const startedAt = performance.now();
let eventCount = 0;
let textLength = 0;
for (const row of database.prepare('SELECT * FROM log ORDER BY position').iterate()) {
  const { data, metadata } = row as { readonly data: string; readonly metadata: string };
  textLength += Object.keys(JSON.parse(data) as object).length;
  textLength += Object.keys(JSON.parse(metadata) as object).length;
  eventCount += 1;
}
const seconds = (performance.now() - startedAt) / 1_000;
console.log(JSON.stringify({ eventCount, seconds, textLength }));
