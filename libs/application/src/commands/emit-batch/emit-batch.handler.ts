// The handler of EmitBatch: claims the batch's key if it has one, then emits every item.
import {
  BATCH_ACCEPTED,
  batchAcceptedText,
  batchBodyText,
  batchClaimText,
  batchStream,
  parseBatchAccepted,
  timeText,
} from '@deltabook/domain';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { TENANT_DIRECTORY, type TenantDirectory } from '../../access/principal';
import { EVENT_STORE, NO_STREAM, type EventStore } from '../../ports/event-store.port';
import { CommitQueue } from '../../write-path/commit-queue';
import { Mailboxes } from '../../write-path/mailboxes';
import type { EmitOutcome, Origin, WriteRefusalCode } from '../emit-delta/emit-delta.command';
import { EmitBatchCommand, type BatchClaim, type BatchOutcome } from './emit-batch.command';

@CommandHandler(EmitBatchCommand)
export class EmitBatchHandler implements ICommandHandler<EmitBatchCommand> {
  constructor(
    private readonly mailboxes: Mailboxes,
    private readonly commitQueue: CommitQueue,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(TENANT_DIRECTORY) private readonly tenants: TenantDirectory,
  ) {}

  async execute(command: EmitBatchCommand): Promise<BatchOutcome> {
    const { origin, items, claim } = command;
    const deltas = items.flatMap((item) => ('delta' in item ? [item.delta] : []));
    const refusal =
      this.mailboxes.refusal(origin.tenant, deltas) ?? (claim && (await this.claim(origin, claim)));
    if (refusal) return { kind: 'refused', code: refusal };
    // Handed over in one go, so that a customer's items are decided together and in order.
    const outcomes = items.map((item): Promise<EmitOutcome | undefined> => {
      if (!('delta' in item)) return Promise.resolve(undefined);
      return Promise.resolve(this.mailboxes.emit(origin, item.delta, item.keySource));
    });
    return { kind: 'answered', outcomes: await Promise.all(outcomes) };
  }

  /** Undefined when the key is ours: claimed now, or before with the same body. */
  private async claim(origin: Origin, claim: BatchClaim): Promise<WriteRefusalCode | undefined> {
    const keys = this.tenants.keysOf(origin.tenant);
    if (!keys) return 'TENANT_UNKNOWN';
    const stream = batchStream(keys.idempotencyHmac(batchClaimText(origin.environment, claim.key)));
    const body = keys.idempotencyHmac(batchBodyText(claim.bodyText));
    const acceptedAt = timeText(origin.now);
    const data = batchAcceptedText({ type: BATCH_ACCEPTED, v: 1, body, acceptedAt });
    const { correlationId, door, actor } = origin;
    const metadata = JSON.stringify({ correlationId, door, actor });
    const append = {
      stream,
      expectedRevision: NO_STREAM,
      events: [{ type: BATCH_ACCEPTED, data, metadata }],
    };
    const byteCount = data.length + metadata.length;
    const outcome = await this.commitQueue.append(origin.tenant, append, byteCount);
    if (outcome.kind === 'appended') return undefined;
    if (outcome.kind === 'full') return 'STORE_FULL';
    if (outcome.kind !== 'conflict') return 'STORE_UNAVAILABLE';
    return this.sameBody(stream, body);
  }

  private async sameBody(stream: string, body: string): Promise<WriteRefusalCode | undefined> {
    const range = { from: 0, direction: 'forwards', limit: 1 } as const;
    const [recorded] = await this.store.readStream(stream, range);
    if (!recorded) return 'STORE_UNAVAILABLE';
    const accepted = parseBatchAccepted(recorded.type, recorded.data);
    return accepted.body === body ? undefined : 'IDEMPOTENCY_CONFLICT';
  }
}
