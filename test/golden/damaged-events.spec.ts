// Stored texts that nobody wrote like that: whoever follows the log for all customers passes them
// over, where an event of a newer build stops it.
import { BatchFold } from '@deltabook/application';
import {
  CHECKPOINT_COMMITTED,
  CUSTOMER_RECORD_OPENED,
  customerStream,
  DELTA_EMITTED,
  UnreadableEventError,
  wholeCustomerEvent,
  wholeSealEvent,
} from '@deltabook/domain';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEvents } from '../../libs/adapters/kafka/src/publisher/event-messages';
import { happeningsOf } from '../../libs/application/src/live/happenings';
import { RowFold } from '../../libs/application/src/projections/customer-row';

interface StoredEvent {
  readonly type: string;
  readonly data: string;
}

function stored(file: string): readonly StoredEvent[] {
  const path = join(process.cwd(), 'test/golden/events', file);
  const events = JSON.parse(readFileSync(path, 'utf8')) as readonly StoredEvent[];
  return events.filter(({ type }) => type !== 'BatchAccepted');
}

const customerEvents = stored('v1.json');
const sealEvents = stored('seals-v1.json');
const whole = ({ type, data }: StoredEvent): unknown =>
  sealEvents.some((event) => event.type === type)
    ? wholeSealEvent(type, data)
    : wholeCustomerEvent(type, data);

/** Members that may be absent: a version without them was written too. */
const FREE = ['v', 'problems', 'supersedes', 'idempotency'];
/** Any text is one. */
const TEXTS = ['tenant', 'customerId', 'private.reason', 'note'];
/** Parts that nothing rests on which is shown to all, beside the delta's hash. */
const FREE_PARTS = [
  ...['problems.', 'private.salt', 'private.adjusts', 'private.metadata', 'private.referenceId'],
];

/** The paths of all members of a JSON value. */
function pathsOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const here = [...path, name];
    return [here, ...pathsOf(member, here)];
  });
}

/** The text with another value, or none, at a path. */
function changed(data: string, path: readonly string[], value: unknown): string {
  const root = JSON.parse(data) as Record<string, unknown>;
  let parent = root;
  for (const name of path.slice(0, -1)) parent = parent[name] as Record<string, unknown>;
  parent[path.at(-1) ?? ''] = value;
  return JSON.stringify(root);
}

const all = [...customerEvents, ...sealEvents];

it.each(all)('$type as it was written is whole', (event) => {
  expect(whole(event)).toMatchObject(JSON.parse(event.data) as object);
});

it.each(all)('$type with any member gone or of another form is damaged', (event) => {
  const paths = pathsOf(JSON.parse(event.data)).filter((path) => {
    const name = path.join('.');
    return !FREE.includes(name) && !FREE_PARTS.some((free) => name.startsWith(free));
  });
  expect(paths.length).toBeGreaterThan(0);
  for (const path of paths) {
    for (const value of [undefined, null, 'x', -1.5, {}]) {
      const isText = value === 'x' && TEXTS.includes(path.join('.'));
      if (isText) continue;
      const text = changed(event.data, path, value);
      expect([path.join('.'), value, whole({ ...event, data: text })]).toEqual([
        path.join('.'),
        value,
        undefined,
      ]);
    }
  }
});

it.each(all)('$type that is no JSON object of a version is damaged', (event) => {
  for (const data of ['', event.data.slice(0, -1), 'null', '5', '[]', '{}', '{"v":"1"}']) {
    expect([data, whole({ ...event, data })]).toEqual([data, undefined]);
  }
});

it.each(all)('$type of a version to come stops whoever follows', (event) => {
  const data = changed(event.data, ['v'], 2);
  expect(() => whole({ ...event, data })).toThrow(UnreadableEventError);
});

const [opened, delta] = [CUSTOMER_RECORD_OPENED, DELTA_EMITTED].map((type) => {
  const event = customerEvents.find((one) => one.type === type);
  if (!event) throw new Error(`no ${type}`);
  return event;
}) as [StoredEvent, StoredEvent];
const stream = customerStream((JSON.parse(opened.data) as { reference: string }).reference);

/** Events of one stream, from its first. */
function recorded(events: readonly StoredEvent[]) {
  return events.map(({ type, data }, revision) => {
    return { type, data, stream, revision, position: BigInt(revision + 1), metadata: '{}' };
  });
}

const damages: readonly [what: string, damage: (data: string) => string][] = [
  ['cut off', (data) => data.slice(0, -3)],
  ['an amount', (data) => changed(data, ['leaf', 'balance'], 'abc')],
  ['an amount of another form', (data) => changed(data, ['leaf', 'balance'], '-0')],
  ['a number', (data) => changed(data, ['leaf', 'sequence'], 'first')],
  ['a time', (data) => changed(data, ['leaf', 'recordedAt'], '2026-13-01T00:00:00.000Z')],
  ['the other time', (data) => changed(data, ['leaf', 'occurredAt'], 'lately')],
  ['its leaf', (data) => changed(data, ['leaf'], null)],
];

it.each(damages)('a damaged delta (%s) leaves the row as it is', (_what, damage) => {
  const rows = new Map<string, RowFold>();
  const fold = new BatchFold({
    find: (name) => rows.get(name),
    open: (name, row) => rows.set(name, new RowFold(row, true)).get(name) as RowFold,
    onKey: () => undefined,
  });
  const [first, second, third] = recorded([opened, delta, { ...delta, data: damage(delta.data) }]);
  for (const event of [first, second]) expect(event && fold.take(event)).toBeUndefined();
  const before = rows.get(stream)?.row;
  expect(before?.totalDeltas).toBe(1);
  expect(third && fold.take(third)).toBeUndefined();
  expect(rows.get(stream)?.row).toEqual(before);
});

/** What rows have no need of. */
const privateDamages: typeof damages = [
  ['the private part', (data) => changed(data, ['private'], null)],
  ['the private part cut', (data) => data.replace('"salt":"', '"salt":')],
];

it.each([...damages, ...privateDamages])(
  'a damaged delta (%s) is neither published nor told live',
  (_what, damage) => {
    const damaged = { ...delta, data: damage(delta.data) };
    const live = recorded([delta, damaged]).flatMap(happeningsOf);
    expect(live.map(({ reference }) => reference())).toHaveLength(1);
    const checkpoint = customerEvents.find(({ type }) => type === CHECKPOINT_COMMITTED);
    const events = recorded([opened, damaged, delta, checkpoint ?? opened]);
    const revisions = readEvents(events).map((read) => read.recorded.revision);
    expect(revisions).toEqual([0, 2, 3]);
  },
);
