// GET /dashboard/system
import { IsArray, IsBoolean, IsInt, IsOptional, IsString } from 'class-validator';
import { Nested } from './nested';
import type { OperationContract } from './operation-contract';

export class EventStoreState {
  /** Which store serves, and where. */
  @IsString()
  readonly place!: string;

  /** Why it cannot be used, when it cannot. */
  @IsOptional()
  @IsString()
  readonly problem!: string | null;
}

export class ProjectionState {
  /** False while read models are being built for the first time, or after they were lost. */
  @IsBoolean()
  readonly ready!: boolean;

  /** True while they are built anew beside those served. */
  @IsBoolean()
  readonly rebuilding!: boolean;

  /** Events up to this position of the log are in the read models. */
  @IsString()
  readonly position!: string;

  /** Last position of the log. */
  @IsString()
  readonly head!: string;

  /** Positions between the two. */
  @IsInt()
  readonly lag!: number;
}

export class VerificationState {
  /** Events up to this position are verified. */
  @IsString()
  readonly position!: string;

  /** Positions after it that the verifier knows of, those of its own seals among them. */
  @IsInt()
  readonly lag!: number;

  /** Customers whose stored history failed verification. */
  @IsInt()
  readonly fencedCustomers!: number;

  /** Seals made since this process started. */
  @IsInt()
  readonly seals!: number;

  /** Why it stands still and tries again, when it does. */
  @IsOptional()
  @IsString()
  readonly problem!: string | null;
}

export class BrokerState {
  /** Addresses of the brokers. */
  @IsString()
  readonly brokers!: string;

  /** What is not as it should be; empty when all is well. */
  @IsArray()
  @IsString({ each: true })
  readonly warnings!: readonly string[];

  /** Messages that wait in the topic of deltas; null where this process takes none. */
  @IsOptional()
  @IsInt()
  readonly intakeLag!: number | null;

  /** Messages that went to the topic of dead letters since this process started. */
  @IsOptional()
  @IsInt()
  readonly deadLetters!: number | null;

  /** Events that wait to be published; null where this process publishes none. */
  @IsOptional()
  @IsInt()
  readonly publishLag!: number | null;
}

export class SystemReply {
  /** Whether this process does its work; /health/ready says the same. */
  @IsBoolean()
  readonly ready!: boolean;

  /** Why not. */
  @IsArray()
  @IsString({ each: true })
  readonly reasons!: readonly string[];

  /** What lags, or is not as it should be. */
  @IsArray()
  @IsString({ each: true })
  readonly warnings!: readonly string[];

  @Nested(() => EventStoreState)
  readonly eventStore!: EventStoreState;

  @Nested(() => ProjectionState)
  readonly projection!: ProjectionState;

  /** Null where this process verifies nothing. */
  @IsOptional()
  @Nested(() => VerificationState)
  readonly verification!: VerificationState | null;

  /** Null where there is no Kafka. */
  @IsOptional()
  @Nested(() => BrokerState)
  readonly broker!: BrokerState | null;
}

export const GET_SYSTEM = {
  id: 'getSystem',
  method: 'GET',
  path: '/dashboard/system',
  access: 'operate',
  summary: 'How this process and what it depends on are',
  successStatus: 200,
  reply: SystemReply,
  errors: [],
} as const satisfies OperationContract;
