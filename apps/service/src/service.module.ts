// Binds what was built to what asks for it: the command and query handlers, and nothing else.
import {
  CheckpointCommitter,
  CheckpointFinder,
  CheckpointJobs,
  CommitCheckpointHandler,
  CommitQueue,
  CreateTenantHandler,
  CustomerDirectory,
  DeriveBalanceHandler,
  EmitBatchHandler,
  EmitDeltasHandler,
  EmitDeltaHandler,
  EVENT_STORE,
  GetCheckpointHandler,
  GetCustomerHandler,
  GetDeltaHandler,
  GetReceiptHandler,
  GetTreeNodesHandler,
  HistorySpans,
  IssueApiKeyHandler,
  ListApiKeysHandler,
  ListCheckpointsHandler,
  ListCustomersHandler,
  ListGapsHandler,
  Mailboxes,
  READ_STORE,
  ReadGate,
  RecordFinder,
  RequestCheckpointsHandler,
  RevokeApiKeyHandler,
  SealedHistories,
  StartingPoints,
  SummarizeCustomersHandler,
  TENANT_DIRECTORY,
  Tenants,
  VerifyRootHandler,
  type EventStore,
  type Hashes,
  type ReadStore,
  type TenantDirectoryInMemory,
  type VerificationReads,
} from '@deltabook/application';
import { Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import type { Checkpoints } from './checkpoints';
import type { WritePath } from './write-path';

export interface ServiceParts {
  readonly store: EventStore;
  readonly readStore: ReadStore;
  readonly verification: VerificationReads;
  readonly hashes: Hashes;
  readonly directory: TenantDirectoryInMemory;
  readonly tenants: Tenants;
  readonly writePath: WritePath;
  readonly checkpoints: Checkpoints;
  readonly readGate: ReadGate;
}

const HANDLERS: readonly Type[] = [
  EmitDeltaHandler,
  EmitDeltasHandler,
  EmitBatchHandler,
  CommitCheckpointHandler,
  RequestCheckpointsHandler,
  GetCheckpointHandler,
  ListCheckpointsHandler,
  DeriveBalanceHandler,
  GetCustomerHandler,
  GetDeltaHandler,
  GetReceiptHandler,
  GetTreeNodesHandler,
  ListCustomersHandler,
  ListGapsHandler,
  VerifyRootHandler,
  SummarizeCustomersHandler,
  CreateTenantHandler,
  IssueApiKeyHandler,
  RevokeApiKeyHandler,
  ListApiKeysHandler,
];

@Module({})
export class ServiceModule {
  /** The module of a service whose parts are built and ready. */
  static of(parts: ServiceParts): DynamicModule {
    const { store, verification: reads, hashes } = parts;
    const spans = new HistorySpans(store, new StartingPoints(store, reads));
    const values: readonly Provider[] = [
      { provide: EVENT_STORE, useValue: parts.store },
      { provide: READ_STORE, useValue: parts.readStore },
      { provide: SealedHistories, useValue: new SealedHistories({ store, reads, hashes }) },
      { provide: TENANT_DIRECTORY, useValue: parts.directory },
      { provide: Tenants, useValue: parts.tenants },
      { provide: Mailboxes, useValue: parts.writePath.mailboxes },
      { provide: CommitQueue, useValue: parts.writePath.commitQueue },
      { provide: CustomerDirectory, useValue: parts.writePath.customers },
      { provide: CheckpointCommitter, useValue: parts.checkpoints.committer },
      { provide: CheckpointFinder, useValue: parts.checkpoints.finder },
      { provide: CheckpointJobs, useValue: parts.checkpoints.jobs },
      { provide: HistorySpans, useValue: spans },
      { provide: ReadGate, useValue: parts.readGate },
    ];
    return {
      module: ServiceModule,
      imports: [CqrsModule.forRoot()],
      providers: [...values, RecordFinder, ...HANDLERS],
    };
  }
}
