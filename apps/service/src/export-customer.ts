// `deltabook export`: one customer's whole proven history, with its content and the public keys
// that signed it, in one file that verifies anywhere.
import {
  OperatorRefusal,
  textOf,
  environmentOf,
  progressSteps,
  type OperatorArgs,
  type OperatorHandlers,
} from '@deltabook/adapters/operator';
import { GetReceiptQuery, type PublicKeys, type ReceiptSource } from '@deltabook/application';
import { ERRORS } from '@deltabook/contracts';
import { timeText } from '@deltabook/domain';
import { ReceiptFileWriter, type Json } from '@deltabook/integrity';
import type { QueryBus } from '@nestjs/cqrs';
import { existsSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { isAbsolute } from 'node:path';

export const EXPORT_FORMAT = 'deltabook-export@v1';
const OWNER_ONLY = 0o600;
/** Pieces are gathered up to this many characters before they are written. */
const WRITE_LENGTH = 256 * 1024;

export interface ExportParts {
  readonly queryBus: Pick<QueryBus, 'execute'>;
  readonly publicKeys: Pick<PublicKeys, 'document'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** `customer.export` with customer (its customerId), tenant, environment and file (absolute). */
export function exportHandlers(parts: ExportParts): OperatorHandlers {
  return {
    'customer.export': (args, signal) =>
      progressSteps((onProgress) =>
        exportCustomer(args, parts, {
          signal,
          onShare: (share) => onProgress({ share }),
        }),
      ),
  };
}

interface Writing {
  readonly signal: AbortSignal;
  readonly onShare: (share: number) => void;
}

async function exportCustomer(
  args: OperatorArgs,
  parts: ExportParts,
  writing: Writing,
): Promise<Json> {
  const file = textOf(args, 'file');
  if (!isAbsolute(file)) throw new OperatorRefusal('INVALID_ARGUMENT', 'file must be absolute');
  if (existsSync(file)) throw new OperatorRefusal('FILE_EXISTS', `${file} is there; name another`);
  const tenant = textOf(args, 'tenant');
  const environment = environmentOf(args);
  const customerId = textOf(args, 'customer');
  const whole = { kind: 'period', fromMs: undefined, beforeMs: undefined } as const;
  const query = new GetReceiptQuery({ tenant, environment }, customerId, whole);
  const result = await parts.queryBus.execute(query);
  if (result.kind === 'refused') throw refusalOf(result.code, customerId);
  const source = result.value;
  const { reference } = source.row;
  const heading = {
    format: EXPORT_FORMAT,
    exportedAt: timeText(parts.now()),
    customer: { tenant, environment, customerId, reference },
    keys: JSON.parse(await parts.publicKeys.document()) as Json,
  };
  try {
    await writeBundle(file, JSON.stringify(heading), { ...writing, source });
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  }
  const { first, last, notCoveredCount } = source;
  return { file, reference, deltas: last - first + 1, notCovered: notCoveredCount };
}

/** The receipt is the last member: its text is long and is written as it is read. */
async function writeBundle(
  file: string,
  heading: string,
  { source, signal, onShare }: Writing & { readonly source: ReceiptSource },
): Promise<void> {
  const handle = await open(file, 'wx', OWNER_ONLY);
  try {
    let pending = `${heading.slice(0, -1)},"receipt":"`;
    for await (const [text, share] of receiptTexts(source)) {
      signal.throwIfAborted();
      pending += JSON.stringify(text).slice(1, -1);
      if (pending.length < WRITE_LENGTH) continue;
      await handle.write(pending);
      onShare(share);
      pending = '';
    }
    await handle.write(`${pending}"}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Pieces of the receipt file, each with the share of the deltas that is then written. */
async function* receiptTexts(
  source: ReceiptSource,
): AsyncGenerator<readonly [text: string, share: number], void, undefined> {
  const writer = new ReceiptFileWriter();
  yield [writer.start(source.seal, source.period), 0];
  for await (const { leaf, private: content, sequence } of source.run()) {
    yield [writer.delta({ leaf, private: content }), sequence / Math.max(1, source.last)];
  }
  yield [writer.end(source.treeHashes, source.sealProof), 1];
}

function refusalOf(code: keyof typeof ERRORS, customerId: string): OperatorRefusal {
  const { message, remedy } = ERRORS[code];
  return new OperatorRefusal(code, `customer ${customerId}: ${message} ${remedy}`);
}
