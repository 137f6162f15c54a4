// What of a record becomes which field of a batch item. Values go as they are: the service judges
// them, so that a file and an API call are held to the same rules.
import { createHash } from 'node:crypto';

/** Names of the columns; every other column becomes metadata. */
export interface ImportColumns {
  readonly customerId: string;
  readonly delta: string;
  readonly reason: string;
  readonly referenceId: string;
  readonly occurredAt: string;
  readonly idempotencyKey: string;
}

export const DEFAULT_COLUMNS: ImportColumns = {
  customerId: 'customerId',
  delta: 'delta',
  reason: 'reason',
  referenceId: 'referenceId',
  occurredAt: 'occurredAt',
  idempotencyKey: 'idempotencyKey',
};

export interface Mapping {
  readonly columns: ImportColumns;
  /** Reason of rows that have none. */
  readonly reason: string | undefined;
  /** True to leave further columns out. */
  readonly withoutMetadata: boolean;
  /** True to send rows without referenceId and key, which a second run would count again. */
  readonly keyless: boolean;
}

/** One item of `POST /api/v1/balance/delta/batch`. */
export interface BatchItem {
  readonly customerId?: unknown;
  readonly delta?: unknown;
  readonly reason?: unknown;
  readonly referenceId?: unknown;
  readonly occurredAt?: unknown;
  readonly idempotencyKey?: unknown;
  readonly adjusts?: unknown;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** Members of JSON records that are no columns. */
const OWN_MEMBERS = new Set(['metadata', 'adjusts']);
const KEY_TEXT = /^[\x20-\x7e]{1,255}$/;

const NO_KEY: Refusal = {
  code: 'MISSING_KEY',
  message:
    'The row has neither referenceId nor idempotencyKey, so a second run would count it again; ' +
    'add one, or allow it with --keyless.',
};

/** The item of a record, or why it is not sent. */
export function itemOf(
  fields: Readonly<Record<string, unknown>>,
  mapping: Mapping,
): { readonly item: BatchItem } | { readonly refusal: Refusal } {
  const { columns, keyless } = mapping;
  const referenceId = fields[columns.referenceId];
  const idempotencyKey = fields[columns.idempotencyKey] ?? keyOf(referenceId);
  if (idempotencyKey === undefined && !keyless) return { refusal: NO_KEY };
  return {
    item: {
      customerId: fields[columns.customerId],
      delta: fields[columns.delta],
      reason: fields[columns.reason] ?? mapping.reason,
      referenceId,
      occurredAt: fields[columns.occurredAt],
      idempotencyKey,
      adjusts: fields['adjusts'],
      ...metadataOf(fields, mapping),
    },
  };
}

/** A referenceId is its own key; one that has not the form of a key is hashed into it. */
function keyOf(referenceId: unknown): string | undefined {
  if (typeof referenceId === 'number') return String(referenceId);
  if (typeof referenceId !== 'string' || referenceId === '') return undefined;
  if (KEY_TEXT.test(referenceId)) return referenceId;
  return `sha256:${createHash('sha256').update(referenceId).digest('hex')}`;
}

function metadataOf(
  fields: Readonly<Record<string, unknown>>,
  { columns, withoutMetadata }: Mapping,
): { readonly metadata?: Readonly<Record<string, unknown>> } {
  const own = fields['metadata'];
  const metadata: Record<string, unknown> = isObject(own) ? { ...own } : {};
  const mapped = new Set<string>(Object.values(columns));
  for (const [name, value] of Object.entries(withoutMetadata ? {} : fields)) {
    const isOwn = OWN_MEMBERS.has(name) && typeof value === 'object';
    if (!mapped.has(name) && !isOwn) metadata[name] = value;
  }
  return Object.keys(metadata).length === 0 ? {} : { metadata };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
