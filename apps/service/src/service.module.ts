// Binds what was built to what asks for it: the command and query handlers, and nothing else.
import {
  CommitQueue,
  CustomerDirectory,
  DeriveBalanceHandler,
  EmitBatchHandler,
  EmitDeltaHandler,
  EVENT_STORE,
  GetCustomerHandler,
  GetDeltaHandler,
  ListCustomersHandler,
  Mailboxes,
  READ_STORE,
  ReadGate,
  RecordFinder,
  SummarizeCustomersHandler,
  TENANT_DIRECTORY,
  type EventStore,
  type ReadStore,
  type TenantDirectory,
} from '@deltabook/application';
import { Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import type { WritePath } from './write-path';

export interface ServiceParts {
  readonly store: EventStore;
  readonly readStore: ReadStore;
  readonly tenants: TenantDirectory;
  readonly writePath: WritePath;
  readonly readGate: ReadGate;
}

const HANDLERS: readonly Type[] = [
  EmitDeltaHandler,
  EmitBatchHandler,
  DeriveBalanceHandler,
  GetCustomerHandler,
  GetDeltaHandler,
  ListCustomersHandler,
  SummarizeCustomersHandler,
];

@Module({})
export class ServiceModule {
  /** The module of a service whose parts are built and ready. */
  static of(parts: ServiceParts): DynamicModule {
    const values: readonly Provider[] = [
      { provide: EVENT_STORE, useValue: parts.store },
      { provide: READ_STORE, useValue: parts.readStore },
      { provide: TENANT_DIRECTORY, useValue: parts.tenants },
      { provide: Mailboxes, useValue: parts.writePath.mailboxes },
      { provide: CommitQueue, useValue: parts.writePath.commitQueue },
      { provide: CustomerDirectory, useValue: parts.writePath.customers },
      { provide: ReadGate, useValue: parts.readGate },
    ];
    return {
      module: ServiceModule,
      imports: [CqrsModule.forRoot()],
      providers: [...values, RecordFinder, ...HANDLERS],
    };
  }
}
